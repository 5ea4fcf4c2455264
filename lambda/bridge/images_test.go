package bridge

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/inventory-bridge/inventory-bridge/lambda/bridge/rollback"
	"github.com/inventory-bridge/inventory-bridge/lambda/intake"
	"github.com/inventory-bridge/inventory-bridge/lambda/inventory"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
)

// scanner is a product whose documents speak of one image each.
type scanner struct {
	mapping string
	of      string // a document, with the image's name and what is in it
	each    string // one of what is in it
	fills   string // a type, and its attribute that each has
}

const (
	weaknessIDs    = "Custom:Vulnerability Id"
	componentNames = "Custom:SoftwareComponent Name"
)

// scanners are the built-in mappings whose documents say which image was looked at, with the least that their products write.
func scanners() []scanner {
	return []scanner{
		{
			"trivy", `{"SchemaVersion":2,"ArtifactName":"%s","ArtifactType":"container_image","Metadata":{"OS":{"Family":"debian"}},"Results":[{"Target":"x","Class":"os-pkgs","Type":"debian","Vulnerabilities":[%s]}]}`,
			`{"VulnerabilityID":"%s","PkgName":"libx","InstalledVersion":"1"}`, weaknessIDs,
		},
		{
			"grype", `{"matches":[%[2]s],"source":{"type":"image","target":{"userInput":"%[1]s"}},"distro":{"name":"debian"},"descriptor":{"name":"grype"}}`,
			`{"vulnerability":{"id":"%s"},"artifact":{"name":"libx","version":"1"}}`, weaknessIDs,
		},
		{
			"anchore", `{"metadata":{"registry":"registry:5000","repository":"%s","imageDigest":"sha256:00"},"securityEvaluation":[%s]}`,
			`{"vulnerabilityId":"%s","package":"libx-1"}`, weaknessIDs,
		},
		{
			"xray", `[{"scan_id":"1","component_id":"docker://%s","package_type":"Docker","status":"completed","vulnerabilities":[%s]}]`,
			`{"issue_id":"%s","components":{"deb://debian:bookworm:libx:1":{"fixed_versions":[]}}}`, weaknessIDs,
		},
		{
			"sarif", `{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"T"}},"results":[%[2]s],"properties":{"imageName":"%[1]s"}}]}`,
			`{"ruleId":"%s","message":{"text":"x"}}`, "Custom:SecurityFinding Rule",
		},
		{
			"syft", `{"artifacts":[%[2]s],"artifactRelationships":[],"source":{"type":"image","target":{"userInput":"%[1]s"}},"distro":{},"descriptor":{"name":"syft"},"schema":{}}`,
			`{"name":"%s","version":"1","type":"deb"}`, componentNames,
		},
		{
			"cyclonedx", `{"bomFormat":"CycloneDX","specVersion":"1.5","metadata":{"component":{"type":"container","name":"%s"}},"components":[%s]}`,
			`{"type":"library","name":"%s","version":"1"}`, componentNames,
		},
		{
			"spdx", `{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","packages":[%[2]s{"SPDXID":"SPDXRef-1","name":"%[1]s","primaryPackagePurpose":"CONTAINER"}],"documentDescribes":["SPDXRef-1"]}`,
			`{"SPDXID":"SPDXRef-2","name":"%s","versionInfo":"1"},`, componentNames,
		},
	}
}

// scans is a scan of an image at web-1.
func (s scanner) scans(image string, after time.Duration, found ...string) intake.Document {
	list := make([]string, len(found))
	for i, id := range found {
		list[i] = fmt.Sprintf(s.each, id)
	}
	separator := ","
	if strings.HasSuffix(s.each, ",") {
		separator = ""
	}
	return as(text("scan.json", fmt.Sprintf(s.of, image, strings.Join(list, separator)), after), nodeID(1))
}

func (s scanner) held(r *rig) string {
	typeName, attribute, _ := strings.Cut(s.fills, " ")
	list := strings.Fields(r.values(nodeID(1), typeName, attribute))
	slices.Sort(list)
	return strings.Join(list, " ")
}

// plain is what the source is called of which all images were one.
func (s scanner) plain() string {
	if s.mapping == "sarif" {
		return "sarif/T"
	}
	return s.mapping
}

// name is what the source of an image is called.
func (s scanner) name(image string) string {
	if s.mapping == "anchore" {
		image = "registry:5000%2F" + image
	}
	return s.plain() + "/" + image
}

// sources are those that state something, by name.
func (r *rig) sources() string {
	r.t.Helper()
	known, err := r.config.Ledger.Sources(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	return strings.Join(inventory.Sorted(known), " ")
}

// TestImagesOnOneNode: a node holds what is said of all its images. A newer scan of one replaces what the older said of it, whatever the tag, and
// nothing else.
func TestImagesOnOneNode(t *testing.T) {
	for _, s := range scanners() {
		t.Run(s.mapping, func(t *testing.T) {
			r := newQuickRig(t, shelf{})
			tagged := func(image, tag string) string {
				if s.mapping == "anchore" { // it has the tag elsewhere
					return image
				}
				return image + tag
			}
			holds := func(when, want string) {
				t.Helper()
				if got := s.held(r); got != want {
					t.Errorf("%s the node holds %q, want %q", when, got, want)
				}
			}
			r.put(s.scans(tagged("front", ":1.0"), 0, "A", "B"))
			r.put(s.scans(tagged("db", ":15"), time.Minute, "C", "D"))
			holds("with two images", "A B C D")
			r.put(s.scans(tagged("front", ":1.1"), 2*time.Minute, "B", "E"))
			holds("after a new tag", "B C D E")
			bad := r.put(s.scans(tagged("db", "@sha256:"+strings.Repeat("0", 64)), 3*time.Minute))
			holds("after a scan that found nothing", "B E")
			if _, _, err := r.bridge().Rollback(t.Context(), bad.Import, rollback.Options{}); err != nil {
				t.Fatal(err)
			}
			holds("after its rollback", "B C D E")
			if got, want := r.sources(), s.name("db")+" "+s.name("front"); got != want {
				t.Errorf("the sources are %q, want %q", got, want)
			}
			if _, err := r.bridge().RemoveSource(t.Context(), s.name("front")); err != nil {
				t.Fatal(err)
			}
			holds("without the first image", "C D")
		})
	}
}

// before is the built-in mapping as it was when all images were one source.
func (s scanner) before(t *testing.T) *mapping.Set {
	t.Helper()
	files, source := fstest.MapFS{}, ""
	if s.mapping == "sarif" {
		source = "source: sarif/{tool.driver.name}{/automationDetails.id/}\n"
	}
	for _, name := range []string{"types.yaml", s.mapping + ".yaml"} {
		content, err := os.ReadFile(filepath.Join("..", "mapping", "builtin", name))
		if err != nil {
			t.Fatal(err)
		}
		files["builtin/"+name] = &fstest.MapFile{Data: regexp.MustCompile(`(?m)^source:.*\n(?:  .*\n)*`).ReplaceAllLiteral(content, []byte(source))}
	}
	set, err := load.Options{Builtin: files}.Load()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// TestImagesOfBefore: what was stated when all images were one source goes over to the image that states it again, and the rest of its last
// document with it. What it may be of another image stays until that one speaks, or 90 days have gone.
func TestImagesOfBefore(t *testing.T) {
	type step struct {
		image string // "": none
		found []string
		later time.Duration
	}
	week := 7 * 24 * time.Hour
	for _, test := range []struct {
		name           string
		steps          []step
		holds, sources string // of them "." is the one of before
	}{
		{"the same again", []step{{"front:1", []string{"A", "B"}, 0}}, "A B", "front"},
		{"some are gone", []step{{"front:2", []string{"A", "E"}, week}}, "A E", "front"},
		{"another image", []step{{"db:15", []string{"C", "D"}, week}}, "A B C D", ". db"},
		{"another image, and it", []step{{"db:15", []string{"C", "D"}, week}, {"front:1", []string{"A", "B"}, week}}, "A B C D", "db front"},
		{"nothing found in it any more", []step{{"front:2", nil, week}}, "A B", ". front"},
		{"and 90 days later", []step{{"front:2", nil, week}, {"front:3", nil, 91 * 24 * time.Hour}}, "", "front"},
	} {
		for _, s := range scanners() {
			t.Run(test.name+"/"+s.mapping, func(t *testing.T) {
				r := newQuickRig(t, shelf{})
				now := r.config.Mappings
				r.config.Mappings = s.before(t)
				r.put(s.scans("front", 0, "A", "B"))
				if got := r.sources(); got != s.plain() {
					t.Fatalf("the sources were %q", got)
				}
				r.config.Mappings = now
				for _, next := range test.steps {
					r.later(next.later)
					image := next.image
					if s.mapping == "anchore" || s.mapping == "xray" { // the tag stands elsewhere, and in each row: that of another tag is another row
						image, _, _ = strings.Cut(image, ":")
					}
					r.put(s.scans(image, r.now.Sub(start), next.found...))
				}
				var want []string
				for _, name := range strings.Fields(test.sources) {
					if name == "." {
						want = append(want, s.plain())
					} else {
						want = append(want, s.name(name))
					}
				}
				if got := s.held(r); got != test.holds {
					t.Errorf("the node holds %q, want %q", got, test.holds)
				}
				if got := r.sources(); got != strings.Join(want, " ") {
					t.Errorf("the sources are %q, want %q", got, want)
				}
			})
		}
	}
}

// TestAMachineBesideItsImages: what looked at the machine itself is not replaced by what looked at an image, nor the other way round.
func TestAMachineBesideItsImages(t *testing.T) {
	s := scanners()[0]
	machine := s
	machine.of = strings.Replace(s.of, "container_image", "filesystem", 1)
	r := newQuickRig(t, shelf{})
	r.put(machine.scans("/", 0, "M", "N"))
	r.put(s.scans("front:1", time.Minute, "A"))
	r.put(machine.scans("/", 2*time.Minute, "M"))
	if got := s.held(r); got != "A M" {
		t.Errorf("the node holds %q", got)
	}
	r.put(s.scans("front:2", 3*time.Minute))
	if got := s.held(r); got != "M" {
		t.Errorf("the node holds %q", got)
	}
	if got := r.sources(); got != "trivy trivy/front" {
		t.Errorf("the sources are %q", got)
	}
}
