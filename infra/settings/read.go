package settings

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
)

// FileName is the file of settings, in the root of the checkout.
const FileName = "inventory-bridge.yaml"

// Read returns the settings: the defaults, over them those of the file in dir or of the one that the context names, and over these the
// context's. notes are lines for people about what will not hold at the next time. The error has all that is wrong.
func Read(context map[string]any, dir string) (p Props, notes []string, err error) {
	r := &reader{props: Defaults(), places: map[string]problem.Place{}}
	r.settings = r.props.Settings()
	err = r.readFile(context, dir)
	r.readContext(context)
	for _, wrong := range r.props.Check() {
		r.note(wrong)
	}
	errs := append([]error{err}, r.errs...)
	if len(r.problems) > 0 {
		errs = append(errs, r.problems.Sorted())
	}
	return r.props, r.notes, errors.Join(errs...)
}

// reader collects what was read and what is wrong.
type reader struct {
	props    Props
	settings []Setting
	places   map[string]problem.Place // of what stands in the file and holds, by JSON pointer
	problems problem.List             // in the file
	errs     []error                  // in the context
	notes    []string
}

func (r *reader) names() []string {
	names := make([]string, len(r.settings))
	for i, s := range r.settings {
		names[i] = s.Name
	}
	return names
}

// note notes what is wrong with a setting at the place in the file where it stands, or as one of the command line.
func (r *reader) note(p Problem) {
	for at := "/" + p.Setting + p.Part; at != ""; at = at[:strings.LastIndexByte(at, '/')] {
		if place, ok := r.places[at]; ok {
			r.problems = append(r.problems, problem.Problem{Place: place, Message: p.Message})
			return
		}
	}
	r.errs = append(r.errs, p)
}

// readContext reads what the context has: values of cdk.json as they are, those of `-c name=value` as strings.
func (r *reader) readContext(context map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(context)) {
		// The context is the CDK's as well, and whose else it likes: their names have other characters.
		if !slices.Contains(r.names(), name) && regexp.MustCompile(`^[A-Za-z]+$`).MatchString(name) {
			r.unknown(name)
		}
	}
	for _, s := range r.settings {
		if value, ok := context[s.Name]; ok && value != nil {
			r.takeContext(s, value)
		}
	}
	if r.props.Local {
		r.notes = nil
	}
}

func (r *reader) unknown(name string) {
	message := "no setting is called so"
	if near := problem.Nearest(name, r.names()); near != "" {
		message += " (did you mean " + near + "?)"
	}
	r.errs = append(r.errs, Problem{Setting: name, Message: message})
}

func (r *reader) takeContext(s Setting, value any) {
	maps.DeleteFunc(r.places, func(pointer string, _ problem.Place) bool {
		return pointer == "/"+s.Name || strings.HasPrefix(pointer, "/"+s.Name+"/")
	})
	if !s.parse(plain(value)) {
		s.reset()
		r.errs = append(r.errs, Problem{Setting: s.Name, Message: "must be " + s.asText()})
		return
	}
	if !s.isOnce {
		r.notes = append(r.notes, fmt.Sprintf("-c %s holds for this run only: write it into %s", s.Name, filepath.Base(fileOf(r.props.File))))
	}
}

// plain is a value of the context as it would stand on the command line.
func plain(value any) string {
	if number, ok := value.(float64); ok {
		return strconv.FormatFloat(number, 'f', -1, 64)
	}
	return fmt.Sprint(value)
}

// fileOf is the file that settings were read from, or would be.
func fileOf(name string) string {
	if name == "" {
		return FileName
	}
	return name
}

// find returns the name of the file of settings; "" where there is none.
func find(context map[string]any, dir string) (string, error) {
	if named := context[fileSetting]; named != nil {
		return fmt.Sprint(named), nil
	}
	name := filepath.Join(dir, FileName)
	_, err := os.Stat(name)
	if errors.Is(err, os.ErrNotExist) {
		return "", nil
	}
	return name, err
}
