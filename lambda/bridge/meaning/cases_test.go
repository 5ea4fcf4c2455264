package meaning

import (
	"path/filepath"
	"testing"

	"github.com/inventory-bridge/inventory-bridge/lambda/testfiles"
)

const (
	web, db, app = "i-0aaaaaaaaaaaaaaa1", "i-0aaaaaaaaaaaaaaa2", "i-0aaaaaaaaaaaaaaa3"

	nodesCSV = "InstanceId,ComputerName,IPAddress\n" + web + ",web-01.example.test,10.9.0.11\n" + db + ",db-01.example.test,10.9.0.12\n" + app + ",app-01.example.test,10.9.0.13\n"

	vulnerability = "Custom:Vulnerability"
	check         = "Custom:ConfigurationCheck"
	software      = "Custom:SoftwareComponent"
	asset         = "Custom:Asset"
	service       = "Custom:NetworkService"
	finding       = "Custom:SecurityFinding"
)

// shared is the folder of the given cases; the test is skipped where they are not there.
func shared(t *testing.T, folder string) string {
	t.Helper()
	index, ok := testfiles.Shared(t, "cases", folder, "INDEX.md")
	if !ok {
		t.Skipf("no shared cases (%s): none of its rows was looked at", folder)
	}
	return filepath.Dir(index)
}

// files are documents of files, for one node where it is named.
func files(folder, as string, names ...string) []doc {
	var list []doc
	for _, name := range names {
		list = append(list, doc{file: filepath.Join(folder, name), as: as})
	}
	return list
}

// texts are documents.
func texts(as string, list ...string) []doc {
	var docs []doc
	for _, text := range list {
		docs = append(docs, doc{text: text, as: as})
	}
	return docs
}

func on(node, typeName, attributes string, entries ...string) holds {
	return holds{node: node, typeName: typeName, attributes: attributes, entries: entries}
}

func count(node, typeName string, n int) holds {
	return holds{node: node, typeName: typeName, count: n}
}
