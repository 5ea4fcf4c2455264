package draft

import (
	_ "embed"
	"sync"
	"unicode"

	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/problem"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/yamlfile"
)

//go:embed words.yaml
var wordsFile []byte

// vocabulary is how people call what a draft looks for, in several languages. It is data: see words.yaml.
type vocabulary struct {
	Identify, Lists, Columns map[string][]string
	Types                    map[string]map[string][]string
	Words                    map[string]map[string]string
}

// words reads the vocabulary once.
var words = sync.OnceValue(func() *vocabulary {
	var problems problem.List
	v := &vocabulary{Types: map[string]map[string][]string{}, Words: map[string]map[string]string{}}
	for _, file := range yamlfile.Parse("words.yaml", true, wordsFile, &problems) {
		v.Identify, v.Lists, v.Columns = phrases(file.Field("identify")), phrases(file.Field("lists")), phrases(file.Field("columns"))
		for _, f := range file.Field("types").Fields() {
			v.Types[f.Name] = phrases(f.At)
		}
		for _, f := range file.Field("words").Fields() {
			v.Words[f.Name] = f.At.StringMap("a word")
		}
	}
	if len(problems) > 0 {
		panic("draft: " + problems.Error()) // a file of ours, read by every test
	}
	return v
})

func phrases(at yamlfile.Value) map[string][]string {
	all := map[string][]string{}
	for _, f := range at.Fields() {
		all[f.Name] = f.At.Strings("a phrase")
	}
	return all
}

// How well a name fits a phrase.
const (
	unfit    = 0
	inside   = 1 // the phrase stands somewhere in it: "host" in "Host owner"
	endsWith = 2 // "Asset Hostname"
	same     = 3
)

// tokens are the words of a name, in lower case and without accents: "primaryIPAddress" is primary, ip, address.
func tokens(name string) []string {
	var out []string
	var word []rune
	end := func() {
		if len(word) > 0 {
			out = append(out, plain(string(word)))
			word = nil
		}
	}
	runes := []rune(name)
	for i, r := range runes {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r):
			end()
			continue
		case unicode.IsUpper(r) && i > 0 && (unicode.IsLower(runes[i-1]) || unicode.IsUpper(runes[i-1]) && i+1 < len(runes) && unicode.IsLower(runes[i+1])):
			end()
		}
		word = append(word, r)
	}
	end()
	return out
}

// fit returns how well a name fits the best of some phrases.
func fit(name []string, phrases []string) int {
	best := unfit
	for _, phrase := range phrases {
		best = max(best, fitOne(name, joined(tokens(phrase))))
	}
	return best
}

// fitOne compares words run together, so that "hostname" is "host name".
func fitOne(name []string, phrase string) int {
	if phrase == "" {
		return unfit
	}
	best := unfit
	for from := range name {
		run := ""
		for to := from; to < len(name) && len(run) < len(phrase); to++ {
			run += name[to]
			if run != phrase {
				continue
			}
			switch {
			case from == 0 && to == len(name)-1:
				return same
			case to == len(name)-1:
				best = max(best, endsWith)
			default:
				best = max(best, inside)
			}
		}
	}
	return max(best, fitWithin(name, phrase))
}
