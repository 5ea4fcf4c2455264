package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/constructs-go/constructs/v10"
)

// propsOf reads the context: values of cdk.json as they are, those of `-c name=value` as strings.
func propsOf(node constructs.Node) (Props, error) {
	r := &reader{get: func(name string) any { return node.TryGetContext(&name) }}
	p := defaults()
	read(r, func(text string) (string, error) { return text, nil }, "text", map[string]*string{
		"name": &p.Name, "region": &p.Region, "account": &p.Account, "dist": &p.Dist, "mappings": &p.Mappings, "alarmTopic": &p.AlarmTopic,
		"uploads": &p.Uploads, "state": &p.State, "key": &p.Key, "previousKey": &p.PreviousKey, "organization": &p.Organization,
	})
	read(r, parseSwitch, "true or false", map[string]*bool{"local": &p.Local, "findings": &p.Findings, "customerKey": &p.CustomerKey, "tracing": &p.Tracing, "canary": &p.Canary})
	numbers := map[string]*int{"logDays": &p.LogDays}
	for _, n := range p.numbers() {
		numbers[n.name] = n.at
	}
	read(r, strconv.Atoi, "a whole number", numbers)
	read(r, func(text string) (float64, error) { return strconv.ParseFloat(text, 64) }, "a number of calls a second", map[string]*float64{"rate": &p.Rate})
	read(r, func(text string) ([]string, error) { return strings.Split(text, ","), nil }, "a list", map[string]*[]string{"awsTypes": &p.AWSTypes, "senders": &p.Senders})
	read(r, parseProducers, "ROLE=PREFIX, several separated by spaces", map[string]*[]Producer{"producers": &p.Producers})
	return p, errors.Join(append(r.errs, p.check())...)
}

type reader struct {
	get  func(name string) any
	errs []error
}

// read reads the values of one kind that the context has; want is what they must be.
func read[T any](r *reader, parse func(string) (T, error), want string, into map[string]*T) {
	for _, name := range slices.Sorted(maps.Keys(into)) {
		value := r.get(name)
		if value == nil {
			continue
		}
		parsed, err := parse(fmt.Sprint(value))
		if err != nil {
			r.errs = append(r.errs, fmt.Errorf("-c %s: must be %s", name, want))
		}
		*into[name] = parsed
	}
}

func parseSwitch(text string) (bool, error) {
	if text != "true" && text != "false" {
		return false, strconv.ErrSyntax
	}
	return text == "true", nil
}

// parseProducers cuts each at its last equals sign: a role's name may hold one.
func parseProducers(text string) (list []Producer, err error) {
	for field := range strings.FieldsSeq(text) {
		i := strings.LastIndex(field, "=")
		if i < 0 {
			return nil, strconv.ErrSyntax
		}
		list = append(list, Producer{field[:i], field[i+1:]})
	}
	return list, nil
}
