package meaning

// waits are the rows that fail yet, and which part of the program they wait for. A row that passes must be taken from it.
var waits = map[string]string{
	"qualys, rows quoted as a whole": "dialects",

	"nessus csv with a row for each CVE": "united entries and better keys",
	"nessus csv in UTF-16":               "united entries and better keys",
	"nessus compliance":                  "united entries and better keys",
	"nessus compliance, what passed":     "united entries and better keys",
	"openvas xml":                        "united entries and better keys",
	"fleet, one name in two sources":     "united entries and better keys",
	"cdx_nested.json":                    "united entries and better keys",
	"syft, cyclonedx with files":         "united entries and better keys",
	"syft, spdx":                         "united entries and better keys",

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

	"trivy: secrets alone after packages":                "scopes",
	"trivy: no results though the system was recognised": "scopes",
	"trivy: libraries alone after packages":              "scopes",
	"ckl: two checklists":                                "scopes",
	"ckl: one of two again":                              "scopes",
	"ckl: two sites":                                     "scopes",
	"ansible: some facts after all":                      "scopes",
	"ansible: other facts after all":                     "scopes",
	"glpi: no system":                                    "scopes",
	"glpi: no firmware":                                  "scopes",
	"all pages after a whole":                            "pages",
	"a page twice, and the other":                        "pages",
	"errata in pages":                                    "pages",
	"results in pages":                                   "pages",
}
