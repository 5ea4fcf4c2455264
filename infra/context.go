package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/constructs-go/constructs/v10"
)

// propsOf reads the context: values of cdk.json as they are, those of `-c name=value` as strings.
func propsOf(node constructs.Node) (Props, error) {
	r := reader{get: func(name string) any { return node.TryGetContext(&name) }}
	p := defaults()
	r.texts(map[string]*string{
		"name": &p.Name, "region": &p.Region, "account": &p.Account, "dist": &p.Dist, "mappings": &p.Mappings, "alarmTopic": &p.AlarmTopic,
	})
	r.switches(map[string]*bool{"local": &p.Local, "findings": &p.Findings, "customerKey": &p.CustomerKey})
	r.numbers(map[string]*int{
		"partitions": &p.Partitions, "logDays": &p.LogDays, "uploadDays": &p.UploadDays, "rejectedDays": &p.RejectedDays,
		"receiptDays": &p.ReceiptDays, "parkedGrowth": &p.ParkedGrowth,
		"intakeMemory": &p.Intake.MemoryMiB, "intakeEphemeral": &p.Intake.EphemeralMiB, "intakeTimeout": &p.Intake.TimeoutSeconds,
		"intakeConcurrency": &p.Intake.Concurrency, "deliveryMemory": &p.Delivery.MemoryMiB, "deliveryEphemeral": &p.Delivery.EphemeralMiB,
		"deliveryTimeout": &p.Delivery.TimeoutSeconds, "deliveryConcurrency": &p.Delivery.Concurrency,
	})
	if text, ok := r.text("rate"); ok {
		var err error
		p.Rate, err = strconv.ParseFloat(text, 64)
		r.fail(err != nil, "rate", "a number of calls a second")
	}
	if text, ok := r.text("awsTypes"); ok {
		p.AWSTypes = strings.Split(text, ",")
	}
	p.Producers = r.producers()
	return p, errors.Join(append(r.errs, p.check())...)
}

type reader struct {
	get  func(name string) any
	errs []error
}

// text returns a value as a string, and reports whether there is one.
func (r *reader) text(name string) (string, bool) {
	value := r.get(name)
	if value == nil {
		return "", false
	}
	return fmt.Sprint(value), true
}

func (r *reader) texts(into map[string]*string) {
	for name, p := range into {
		if text, ok := r.text(name); ok {
			*p = text
		}
	}
}

func (r *reader) switches(into map[string]*bool) {
	for name, p := range into {
		if text, ok := r.text(name); ok {
			*p = text == "true"
			r.fail(text != "true" && text != "false", name, "true or false")
		}
	}
}

func (r *reader) numbers(into map[string]*int) {
	for name, p := range into {
		if text, ok := r.text(name); ok {
			n, err := strconv.Atoi(text)
			*p = n
			r.fail(err != nil, name, "a whole number")
		}
	}
}

// producers reads ROLE=PREFIX, several separated by spaces.
func (r *reader) producers() []Producer {
	text, _ := r.text("producers")
	var list []Producer
	for field := range strings.FieldsSeq(text) {
		role, prefix, ok := cutLast(field, "=")
		r.fail(!ok, "producers", "ROLE=PREFIX, several separated by spaces")
		list = append(list, Producer{role, prefix})
	}
	return list
}

// cutLast is strings.Cut at the last separator: a role's name may hold one.
func cutLast(text, separator string) (before, after string, found bool) {
	i := strings.LastIndex(text, separator)
	if i < 0 {
		return text, "", false
	}
	return text[:i], text[i+len(separator):], true
}

func (r *reader) fail(wrong bool, name, want string) {
	if wrong {
		r.errs = append(r.errs, fmt.Errorf("-c %s: must be %s", name, want))
	}
}
