package config

import (
	"strconv"
	"strings"
)

// Environment is what Read reads: a variable for each setting that is not its default.
func (s Settings) Environment() map[string]string {
	all := map[string]string{
		"ROLE": s.Role, "STATE": s.State, "UPLOADS": strings.Join(s.Uploads, ","), "AWS_TYPES": strings.Join(s.AWSTypes, ","), "MAPPINGS": s.Mappings,
		"PARTITIONS": number(float64(s.Partitions)), "RATE": number(s.Rate), "CONCURRENCY": number(float64(s.Concurrency)),
		"QUEUE": s.Queue, "BUS": s.Bus, "METRICS": "",
	}
	if s.Metrics {
		all["METRICS"] = "on"
	}
	variables := map[string]string{}
	for name, value := range all {
		if value != "" {
			variables[prefix+name] = value
		}
	}
	return variables
}

// number is "" for a number that is the default.
func number(n float64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatFloat(n, 'g', -1, 64)
}
