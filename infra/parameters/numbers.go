package parameters

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/inventory-bridge/inventory-bridge/infra/release"
	"github.com/inventory-bridge/inventory-bridge/infra/settings"
)

// Derived is a number that follows from a setting. CloudFormation cannot calculate, so the template has a table of it, and takes the
// setting's values in the table alone.
type Derived struct {
	Values []int
	Of     func(int) int
}

// numbers are those that stand for others: each is nobody's, and none stands for two.
type numbers []int

// next takes a number that a setting may be.
func (n *numbers) next(s settings.Setting) int {
	if s.Of == nil {
		return n.below(s.Most)
	}
	for _, i := range slices.Backward(s.Of) {
		if !slices.Contains(*n, i) {
			*n = append(*n, i)
			return i
		}
	}
	return s.Most
}

// below takes the greatest prime number that is no greater than most: it is hardly something else.
func (n *numbers) below(most int) int {
	for slices.Contains(*n, most) || !isPrime(most) {
		most--
	}
	*n = append(*n, most)
	return most
}

func isPrime(n int) bool {
	for i := 2; i*i <= n; i++ {
		if n%i == 0 {
			return false
		}
	}
	return n > 1
}

// numberInput makes the input of a whole number. One whose default is 0 is not there at all then.
func numberInput(s settings.Setting, name string, taken *numbers, derived Derived) Input {
	sample := taken.next(s)
	body := release.Object{"Type": "Number", "Default": json.Number(s.Default()), "Description": about(s)}
	in := Input{
		Parameters:   []Parameter{{name, body}},
		Placeholders: []release.Placeholder{{Text: strconv.Itoa(sample), By: ref(name)}}, Set: setting(s.Name, strconv.Itoa(sample)),
	}
	if s.Default() == "0" {
		in.Condition = release.Switch{Name: "With" + name, When: not(equals(ref(name), "0"))}
	}
	switch {
	case derived.Of != nil:
		table := release.Object{}
		for _, value := range derived.Values {
			table[strconv.Itoa(value)] = release.Object{"Derived": derived.Of(value)}
		}
		in.Mappings = release.Object{name + "Of": table}
		in.Placeholders = append(in.Placeholders, release.Placeholder{
			Text: strconv.Itoa(derived.Of(sample)), By: release.Object{"Fn::FindInMap": []any{name + "Of", ref(name), "Derived"}},
		})
		// As text, since the keys of a table are texts, too.
		body["Type"], body["Default"], body["AllowedValues"] = "String", s.Default(), textsOf(derived.Values)
	case s.Of != nil:
		body["AllowedValues"] = numbersOf(s.Of)
	default:
		body["MinValue"], body["MaxValue"] = s.Least, s.Most
	}
	return in
}

func textsOf(values []int) []any {
	list := make([]any, len(values))
	for i, value := range values {
		list[i] = strconv.Itoa(value)
	}
	return list
}

func numbersOf(values []int) []any {
	list := make([]any, len(values))
	for i, value := range values {
		list[i] = value
	}
	return list
}
