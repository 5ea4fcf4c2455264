package read

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/syntax"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/choose"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
)

// imageNames are names under which images are scanned, and what their source is called; "" is none of its own. A reference is
// [host[:port]/]path[:tag][@digest] (the grammar of the OCI distribution's reference package).
func imageNames() map[string]string {
	sum := strings.Repeat("0123456789abcdef", 4)
	return map[string]string{
		"nginx":                                    "nginx",
		"nginx:1.27":                               "nginx",
		"nginx@sha256:" + sum:                      "nginx",
		"nginx:1.27@sha256:" + sum:                 "nginx",
		"shop/front:2026-01-05":                    "shop%2Ffront",
		"registry:5000/front":                      "registry:5000%2Ffront",
		"registry:5000/front:1.2@sha256:" + sum:    "registry:5000%2Ffront",
		"registry.example.test:5000/shop/a-b_c:v1": "registry.example.test:5000%2Fshop%2Fa-b_c",
		"[2001:db8::1]:5000/front:1.2":             "[2001:db8::1]:5000%2Ffront",
		"sha256:" + sum:                            "",
		sum:                                        "",
		sum[:12]:                                   "",
		"@sha256:" + sum:                           "",
		"<none>:<none>":                            "",
		"front.tar":                                "",
		"build/front-1.2.tar.gz":                   "",
		"/var/lib/images/front":                    "",
		"./front:1.2":                              "",
		"":                                         "",
	}
}

// quoted is a text as JSON.
func quoted(t testing.TB, text string) string {
	t.Helper()
	made, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(made)
}

// TestImagesAreSources: what looked at an image states under the image's name, whatever its tag, so that what is said of one image says
// nothing of another. What looked at something else, or does not name the image, is the mapping's only source, as it was.
func TestImagesAreSources(t *testing.T) {
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	// Documents with %s in the place of the name, as their producers write them: Trivy 0.50 (types.Report, SarifWriter), Grype 0.70 (models.Source), Syft 0.60
	// and 1.0 (source.Description: the name is without its tag, or what --source-name says), CycloneDX 1.5 and SPDX 2.3 and 3.0, also in a statement of in-toto.
	for name, documents := range map[string][]string{
		"trivy": {
			`{"SchemaVersion":2,"ArtifactName":%s,"ArtifactType":"container_image","Results":[]}`,
			`{"SchemaVersion":2,"ArtifactName":"front.tar","ArtifactType":"container_image","Metadata":{"RepoTags":[%s]},"Results":[]}`,
		},
		"grype": {
			`{"matches":[{"vulnerability":{"id":"CVE-2025-99001"},"artifact":{"name":"a","version":"1"}}],"source":{"type":"image","target":{"userInput":%s}}}`,
			`{"matches":[],"source":{"type":"image","target":{"userInput":"/tmp/image","tags":[%s]}}}`,
		},
		"syft": {
			`{"artifacts":[{"name":"a","version":"1","type":"deb"}],"source":{"id":"1","name":%s,"version":"1.2","type":"image","metadata":{"userInput":"other"}}}`,
			`{"artifacts":[],"source":{"id":"1","name":"sha256","type":"image","metadata":{"userInput":"sha256:00","tags":[%s]}}}`,
			`{"artifacts":[],"source":{"type":"image","target":{"userInput":%s}}}`,
		},
		"cyclonedx": {
			`{"bomFormat":"CycloneDX","components":[{"name":"a","version":"1"}],"metadata":{"component":{"type":"container","name":%s}}}`,
			`{"bomFormat":"CycloneDX","metadata":{"component":{"type":"container","name":"a.tar","properties":[{"name":"aquasecurity:trivy:ImageID","value":"x"},{"name":"aquasecurity:trivy:RepoTag","value":%s}]}},"components":[]}`,
			`{"predicate":{"bomFormat":"CycloneDX","metadata":{"component":{"type":"container","name":%s}},"components":[]}}`,
		},
		"sarif": {
			`{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"Trivy"}},"results":[],"properties":{"imageName":%s}}]}`,
			`{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"Trivy"}},"results":[],"properties":{"imageName":"a.tar","repoTags":[%s]}}]}`,
		},
		"spdx": {
			`{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","packages":[{"SPDXID":"SPDXRef-1","name":"bash"},{"SPDXID":"SPDXRef-2","name":%s,"primaryPackagePurpose":"CONTAINER"}],` +
				`"relationships":[{"spdxElementId":"SPDXRef-DOCUMENT","relationshipType":"DESCRIBES","relatedSpdxElement":"SPDXRef-2"}]}`,
			`{"predicate":{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","documentDescribes":["SPDXRef-2"],"packages":[{"SPDXID":"SPDXRef-2","name":%s,"primaryPackagePurpose":"CONTAINER"}]}}`,
			`{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[{"type":"software_Sbom","spdxId":"urn:sbom","rootElement":["urn:image"]},` +
				`{"type":"software_Package","spdxId":"urn:image","name":%s,"software_primaryPurpose":"container"}]}`,
		},
	} {
		m, _ := set.Mapping(name)
		plain := name
		if name == "sarif" { // its runs are records
			plain = "sarif/Trivy"
		}
		for _, document := range documents {
			for image, want := range imageNames() {
				if want = plain + "/" + want; strings.Contains(document, `"name":%s`) && image == "" && name == "syft" {
					continue // then what the user typed counts
				}
				if name == "syft" && want == "syft/" && strings.Contains(document, "other") {
					want = "syft/other"
				}
				want = strings.TrimSuffix(want, "/")
				if got := sourcesOf(t, m, fmt.Sprintf(document+"\n"+document, quoted(t, "one:1"), quoted(t, "two:1"))); name != "sarif" && (len(got) != 1 || got[0] != name) {
					t.Errorf("%s, of two images: got %q", document, got)
				}
				if got := sourcesOf(t, m, fmt.Sprintf(document, quoted(t, image))); len(got) != 1 || got[0] != want {
					t.Errorf("%s, %q: got %q, want %q", document, image, got, want)
				}
			}
		}
	}
}

// TestWhatIsNoImageIsNoSource: what looked at files, a machine, a repository or a cluster states as it did, and so does a document of an image
// whose repository is not known.
func TestWhatIsNoImageIsNoSource(t *testing.T) {
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ mapping, document, want string }{
		{"trivy", `{"SchemaVersion":2,"ArtifactName":"srv","ArtifactType":"filesystem","Results":[]}`, "trivy"},
		{"trivy", `{"SchemaVersion":2,"ArtifactName":"srv","ArtifactType":"vm","Results":[]}`, "trivy"},
		{"trivy", `{"SchemaVersion":2,"ArtifactName":"bom.json","ArtifactType":"cyclonedx","Results":[]}`, "trivy"},
		{"trivy", `{"ClusterName":"blue","Resources":[{"Kind":"Pod","Name":"front","Results":[{"Target":"front:1.2","Class":"os-pkgs"}]}]}`, "trivy"},
		{"trivy", `[{"Target":"front:1.2 (debian 12)","Type":"debian","Vulnerabilities":null}]`, "trivy"},
		{"grype", `{"matches":[],"source":{"type":"directory","target":"/srv"}}`, "grype"},
		{"grype", `{"matches":[],"source":{"type":"file","target":"image"}}`, "grype"},
		{"syft", `{"artifacts":[],"source":{"type":"directory","name":"srv","metadata":{"path":"/srv"}}}`, "syft"},
		{"cyclonedx", `{"bomFormat":"CycloneDX","metadata":{"component":{"type":"application","name":"front"}},"components":[{"type":"container","name":"base"}]}`, "cyclonedx"},
		{"cyclonedx", `{"bomFormat":"CycloneDX","components":[]}`, "cyclonedx"},
		{"sarif", `{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"Trivy"}},"results":[]}]}`, "sarif/Trivy"},
		{"sarif", `{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"T"}},"automationDetails":{"id":"nightly/7"},"results":[],"properties":{"imageName":"front:1"}}]}`, "sarif/T/nightly"},
		{"sarif", `{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"T"}},"automationDetails":{"id":"7"},"results":[],"properties":{"imageName":"front:1"}}]}`, "sarif/T/front"},
		{"spdx", `{"spdxVersion":"SPDX-2.3","packages":[{"SPDXID":"1","name":"srv","primaryPackagePurpose":"FILE"},{"SPDXID":"2","name":"front","primaryPackagePurpose":"CONTAINER"}],"documentDescribes":["1"]}`, "spdx"},
		{"spdx", `{"spdxVersion":"SPDX-2.3","packages":[{"SPDXID":"1","name":"a","primaryPackagePurpose":"CONTAINER"},{"SPDXID":"2","name":"b","primaryPackagePurpose":"CONTAINER"}],"documentDescribes":["1","2"]}`, "spdx"},
		{"anchore", `{"imageDigest":"sha256:00","vulnerabilities":[],"vulnerability_type":"os"}`, "anchore"},
		{"anchore", `{"metadata":{"registry":"registry:5000","repository":"shop/front","tag":"1.2"},"securityEvaluation":[]}`, "anchore/registry:5000%2Fshop%2Ffront"},
		{"anchore", `{"metadata":{"repository":"front","tag":"1.2"},"securityEvaluation":[]}`, "anchore/front"},
		// The component of an image is named docker://NAME:TAG in what the command line of the same producer scans.
		{"xray", `[{"scan_id":"1","component_id":"docker://registry:5000/shop/front:1.2","status":"completed","vulnerabilities":[]}]`, "xray/registry:5000%2Fshop%2Ffront"},
		{"xray", `[{"scan_id":"1","component_id":"gav://com.example:front:1.2","status":"completed","vulnerabilities":[]}]`, "xray"},
	} {
		m, _ := set.Mapping(test.mapping)
		if got := sourcesOf(t, m, test.document); len(got) != 1 || got[0] != test.want {
			t.Errorf("%s: got %q, want %q", test.document, got, test.want)
		}
	}
}

// TestTheImageOfAnEntry: where rows say of which image they are, they do so without tag and digest too, also where it has both.
func TestTheImageOfAnEntry(t *testing.T) {
	set, err := load.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	m, _ := set.Mapping("twistcli")
	for image, want := range map[string]string{
		"front": "front", "registry:5000/front:1.2": "registry:5000/front", "front@sha256:00ff": "front", "registry:5000/front:1.2@sha256:00ff": "registry:5000/front",
	} {
		document := fmt.Sprintf(`{"results":[{"name":"%s","vulnerabilities":[{"id":"CVE-2025-99001","packageName":"a","packageVersion":"1"}]}]}`, image)
		choice := mapping.Choice{Mapping: m, Choice: choose.Choice{Format: syntax.JSON}}
		location := slices.IndexFunc(m.Types(), func(t *mapping.Type) bool { return t.Name() == "Custom:Vulnerability" })
		at := slices.Index(m.Types()[location].Inventory.Attributes, "Location")
		var got []string
		for record, err := range Document(t.Context(), Input{Reader: strings.NewReader(document)}, choice, Facts{}).Records() {
			if err != nil {
				t.Fatal(err)
			}
			for entry, err := range record.Entries() {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, entry.Values[at])
			}
		}
		if len(got) != 1 || got[0] != want {
			t.Errorf("%s: got %q", image, got)
		}
	}
}
