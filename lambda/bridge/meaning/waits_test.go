package meaning

// waits are the rows that fail yet, and which part of the program they wait for. A row that passes must be taken from it.
var waits = map[string]string{
	"qualys, rows quoted as a whole": "dialects",

	"08 no sys_id":                  "the fallback of keys",
	"08 no sys_id, the other order": "the fallback of keys",

	"nessus csv with a row for each CVE": "united entries and better keys",
	"nessus csv in UTF-16":               "united entries and better keys",
	"nessus compliance":                  "united entries and better keys",
	"nessus compliance, what passed":     "united entries and better keys",
	"openvas xml":                        "united entries and better keys",
	"fleet, one name in two sources":     "united entries and better keys",
	"cdx_nested.json":                    "united entries and better keys",
	"syft, cyclonedx with files":         "united entries and better keys",
	"syft, spdx":                         "united entries and better keys",

	"xccdf several checks of a rule":             "tables of their run",
	"sarif, two categories in two files":         "tables of their run",
	"sarif, two tools, then empty runs":          "tables of their run",
	"sarif, two tools, then an empty run of one": "tables of their run",
	"sarif, rules in an extension":               "tables of their run",
	"sarif, an index alone":                      "tables of their run",
	"sarif, a hierarchical rule":                 "tables of their run",
	"arf, two benchmarks":                        "tables of their run",

	"nessus, two scans of a host": "the newest within a document",

	"nmap, names given and looked up": "what settles a name given against the rest",

	"a ping scan after all":                               "scopes",
	"low ports after all":                                 "scopes",
	"single ports after all":                              "scopes",
	"no low port after all":                               "scopes",
	"other ports of udp":                                  "scopes",
	"ports of both kinds":                                 "scopes",
	"three ranges":                                        "scopes",
	"a host that timed out after all":                     "scopes",
	"nmap, then a host that timed out":                    "scopes",
	"nmap, a host that timed out, then all":               "scopes",
	"glpi agent, two runs":                                "scopes",
	"glpi agent, two runs, the partial one written first": "scopes",
}
