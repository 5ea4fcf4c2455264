package settings

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/yamlfile"
)

// readFile reads the file of settings, where there is one. What is wrong in it is noted; the error is that it cannot be read.
func (r *reader) readFile(context map[string]any, dir string) error {
	name, err := find(context, dir)
	if err != nil || name == "" {
		return err
	}
	text, err := os.ReadFile(filepath.Clean(name))
	if err != nil {
		return fmt.Errorf("-c settings: %s cannot be read: name a file that is there, or leave it out: %w", name, err)
	}
	r.props.File = name
	if nothing(text) {
		return nil
	}
	documents := yamlfile.ParseAs("a line NAME: VALUE for each setting", filepath.ToSlash(name), false, text, &r.problems)
	for i, root := range documents {
		if i > 0 {
			root.Problem("a file of settings is one document: take the line --- away")
		}
		r.takeFile(root)
	}
	return nil
}

// nothing reports whether all of a file is comments.
func nothing(text []byte) bool {
	for line := range bytes.Lines(text) {
		if line = bytes.TrimSpace(line); len(line) > 0 && line[0] != '#' && string(line) != "---" {
			return false
		}
	}
	return true
}

func (r *reader) takeFile(root yamlfile.Value) {
	known := map[string]Setting{}
	for _, s := range r.settings {
		known[s.Name] = s
	}
	for _, f := range root.Fields() {
		s, ok := known[f.Name]
		switch {
		case !ok:
			f.Unknown(r.names(), "no setting is called %s", f.Name)
		case f.Name == fileSetting:
			f.Key.Problem("a file of settings does not name another: use -c settings=FILE")
		default:
			s.take(f.At)
			r.remember(f.At)
		}
	}
}

// remember notes where a value and all in it stand.
func (r *reader) remember(v yamlfile.Value) {
	place := v.Place()
	r.places[place.Pointer] = place
	switch {
	case v.IsMapping():
		for _, f := range v.Fields() {
			r.remember(f.At)
		}
	case v.IsList():
		for _, item := range v.Items() {
			r.remember(item)
		}
	}
}

// take sets the field to a value of a file; one of another kind is a problem.
func (s Setting) take(v yamlfile.Value) {
	switch at := s.at.(type) {
	case *string:
		s.takeString(v, at)
	case *bool:
		if on := v.Bool(s.Name); !v.HasProblem() {
			*at = on
		}
	case *int:
		if n := v.Int(s.Name, s.Least, s.Most); !v.HasProblem() {
			*at = n
		}
	case *float64:
		s.takeDecimal(v, at)
	case *[]string:
		*at = v.Strings(s.Name)
	case *[]Producer:
		*at = yamlfile.Each(v, producerOf)
	case *Alarms:
		*at = members(v, threshold, "must be a whole number, or false for no alarm")
	case *Tags:
		*at = members(v, func(text string) (string, error) { return text, nil }, "")
	}
}

func (s Setting) takeString(v yamlfile.Value, at *string) {
	text, ok := v.Scalar(s.Name)
	if !ok {
		return
	}
	if s.isPath && text != "" && !filepath.IsAbs(text) {
		text = filepath.Join(filepath.Dir(v.File()), text)
	}
	*at = text
}

func (s Setting) takeDecimal(v yamlfile.Value, at *float64) {
	text, ok := v.Scalar(s.Name)
	if !ok {
		return
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		v.Problem("%s must be %s", s.Name, s.Want)
		return
	}
	*at = n
}

// members reads a mapping of strings.
func members[T any](v yamlfile.Value, parse func(string) (T, error), want string) map[string]T {
	all := map[string]T{}
	for _, f := range v.Fields() {
		text, ok := f.At.Scalar(f.Name)
		if !ok {
			continue
		}
		parsed, err := parse(text)
		if err != nil {
			f.At.Problem("%s %s", f.Name, want)
			continue
		}
		all[f.Name] = parsed
	}
	return all
}

// producerOf reads one producer: its fields are checked later.
func producerOf(v yamlfile.Value) (p Producer, ok bool) {
	for _, f := range v.Fields() {
		text, ok := f.At.Scalar(f.Name)
		switch {
		case !ok:
			return p, false
		case f.Name == "role":
			p.Role = text
		case f.Name == "prefix":
			p.Prefix = text
		default:
			f.Unknown([]string{"role", "prefix"}, "a producer has role and prefix, and no %s", f.Name)
		}
	}
	return p, v.IsMapping()
}
