package format

// isSection tells the keys that begin an object, by names as in paths.
func isSection(keys []string) func([]byte) bool {
	if len(keys) == 0 {
		return nil
	}
	var patterns []fieldPattern
	for _, key := range keys {
		patterns = append(patterns, newFieldPattern(key))
	}
	known := map[string]bool{}
	return func(key []byte) bool {
		is, ok := known[string(key)]
		for i := 0; i < len(patterns) && !ok && !is; i++ {
			is = patterns[i].fits(newFieldName(string(key)))
		}
		if !ok && len(known) < maxNames && len(key) <= maxNameBytes {
			known[string(key)] = is
		}
		return is
	}
}
