package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/inventory-bridge/inventory-bridge/infra/parameters"
	"github.com/inventory-bridge/inventory-bridge/infra/release"
	"github.com/inventory-bridge/inventory-bridge/infra/settings"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
)

// templateName is the file of the release's template.
const templateName = "inventory-bridge.template.json"

// writeRelease writes a template with parameters, and the program's zips that it names, into a directory.
func writeRelease(dist, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // files to publish
		return err
	}
	files := map[string]string{}
	for _, arch := range []string{"arm64", "amd64"} {
		text, err := zipped(filepath.Join(dist, arch, "bootstrap"))
		if err != nil {
			return err
		}
		files[arch] = fmt.Sprintf("function-%s-%x.zip", arch, text.sum)
		if err := publish(dir, files[arch], text.Bytes()); err != nil {
			return err
		}
	}
	template, err := newRelease(files)
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(template, "", " ")
	if err != nil {
		return err
	}
	return publish(dir, templateName, append(text, '\n'))
}

func publish(dir, name string, text []byte) error {
	return os.WriteFile(filepath.Join(dir, name), text, 0o644) //nolint:gosec // a file to publish
}

// archive is a zip, and the beginning of its hash: another program has another name, so that an update of the stack takes it up.
type archive struct {
	bytes.Buffer
	sum []byte
}

// zipped makes a zip of the function's program. Equal programs make equal zips.
func zipped(program string) (*archive, error) {
	text, err := os.ReadFile(filepath.Clean(program))
	if err != nil {
		return nil, fmt.Errorf("%s, the function's program, cannot be read: make it with `make build`: %w", program, err)
	}
	var a archive
	z := zip.NewWriter(&a)
	header := &zip.FileHeader{Name: "bootstrap", Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)}
	header.SetMode(0o755)
	w, err := z.CreateHeader(header)
	if err == nil {
		_, err = w.Write(text)
	}
	if err == nil {
		err = z.Close()
	}
	sum := sha256.Sum256(a.Bytes())
	a.sum = sum[:6]
	return &a, err
}

// derivations are the numbers in the template that follow from settings.
func derivations() map[string]parameters.Derived {
	minutes := []int{60, 120, 180, 300, 600, 900}
	return map[string]parameters.Derived{
		"intakeTimeout": {Values: minutes, Of: arrivingHidden}, "deliveryTimeout": {Values: minutes, Of: deliveriesHidden},
		"queryMiB": {Values: []int{10, 100, 500, 1000, 2000, 5000, 10000, 100000}, Of: queryBytes},
	}
}

// newRelease makes the template of a release, whose zips have these names by architecture.
func newRelease(files map[string]string) (release.Object, error) {
	groups, err := parameters.Groups(derivations())
	if err != nil {
		return nil, err
	}
	p := publisher{files: files}
	if p.bundle, err = builtins(); err != nil {
		return nil, err
	}
	template, err := p.app(groups).Template()
	if err != nil {
		return nil, err
	}
	if err := parameters.Declare(groups, template); err != nil {
		return nil, err
	}
	return template, p.check(template)
}

// check refuses a template that makes something else of its defaults than the CDK makes of those of the settings.
func (p publisher) check(template release.Object) error {
	d := parameters.Deployment{Props: settings.Defaults()}
	d.Code.Bucket = "releases"
	want, err := p.synth(d)
	if err != nil {
		return err
	}
	got, err := release.Evaluate(template, map[string]string{"AWS::StackName": d.Name, "CodeBucket": d.Code.Bucket})
	if err != nil {
		return err
	}
	if differences := release.Differences(want, got); len(differences) > 0 {
		return fmt.Errorf("the release would not be what the CDK makes:\n%s", strings.Join(differences, "\n"))
	}
	return nil
}

// builtins describes the built-in mappings, for which nothing needs to be copied.
func builtins() (*bundle, error) {
	set, err := load.Builtin()
	if err != nil {
		return nil, err
	}
	b := &bundle{events: map[string][]string{}, contents: map[string]any{}}
	if err := b.describe(set); err != nil {
		return nil, err
	}
	b.tables, err = tablesOf(settings.Props{Consumers: true}, set)
	return b, err
}

// publisher synthesises templates of a published program.
type publisher struct {
	bundle *bundle
	files  map[string]string // by architecture
}

// app is what the release's template is made of: switches and placeholders of all inputs.
func (p publisher) app(groups []parameters.Group) release.App {
	a := release.App{Conditions: release.Object{}}
	var always, switched []parameters.Input
	for _, in := range parameters.All(groups) {
		a.Placeholders = append(a.Placeholders, in.Placeholders...)
		for name, condition := range in.Conditions {
			a.Conditions[name] = condition
		}
		if in.Condition.Name == "" {
			always = append(always, in)
			continue
		}
		a.Switches, switched = append(a.Switches, in.Condition), append(switched, in)
	}
	a.Synth = func(on release.Set) (release.Object, error) {
		d := parameters.Deployment{Props: settings.Defaults()}
		for _, in := range always {
			in.Set(&d)
		}
		for i, in := range switched {
			if on.Has(i) {
				in.Set(&d)
			}
		}
		return p.synth(d)
	}
	return a
}

// synth synthesises the template of one deployment.
func (p publisher) synth(d parameters.Deployment) (release.Object, error) {
	b := *p.bundle
	b.published = &d.Published
	b.published.Code.Key += p.files[architecture(d.Props)]
	if d.Layer.Key != "" {
		b.mappings = layerMappings
	}
	text, err := templateOf(func(app awscdk.App) awscdk.Stack { return newStack(app, d.Props, &b) })
	if err != nil {
		return nil, err
	}
	var template release.Object
	err = json.Unmarshal(text, &template)
	return template, err
}
