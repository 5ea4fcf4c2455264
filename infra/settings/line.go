package settings

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
)

// Line is what is needed of the CDK's command line.
type Line struct {
	Context map[string]any
	Profile string
}

// ParseLine reads the arguments: the context of cdk.json, over it that of -c and --context, and the profile. Others are the CDK's own.
func ParseLine(args []string) (Line, error) {
	l := Line{Context: map[string]any{}}
	var file struct{ Context map[string]any }
	data, err := os.ReadFile("cdk.json")
	if err == nil {
		err = json.Unmarshal(data, &file)
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return l, fmt.Errorf("cdk.json: %w", err)
	}
	for name, value := range file.Context {
		l.Context[name] = value
	}
	for i := 0; i < len(args); i++ {
		name, value, joined := strings.Cut(args[i], "=")
		if !joined && i+1 < len(args) {
			value = args[i+1]
		}
		switch name {
		case "-c", "--context":
			key, of, ok := strings.Cut(value, "=")
			if !ok {
				return l, errors.New("-c takes name=value")
			}
			l.Context[key] = of
		case "--profile":
			l.Profile = value
		default:
			continue
		}
		if !joined {
			i++
		}
	}
	return l, nil
}
