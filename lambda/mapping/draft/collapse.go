package draft

// collapse makes one shape of the fields of objects that are used as maps: {"web-1": {…}, "web-2": {…}}.
func (s *shape) collapse() {
	for _, c := range s.children {
		c.collapse()
	}
	if !s.isMap() {
		return
	}
	all := newShape("", s)
	all.any, all.many = true, true
	for _, c := range s.children {
		all.take(c)
	}
	s.children = []*shape{all}
	s.index = map[string]*shape{"*": all}
}

// take adds the fields of another shape to those of this one.
func (s *shape) take(other *shape) {
	for _, c := range other.children {
		known := s.child(c.name, false)
		if known == nil {
			if c.any {
				s.index["*"] = c
			} else {
				s.index[c.name] = c
			}
			c.parent = s
			s.children = append(s.children, c)
			continue
		}
		known.many = known.many || c.many
		known.take(c)
	}
}

// isMap tells that all fields are objects of much the same fields. Lists are named, not keyed.
func (s *shape) isMap() bool {
	if len(s.children) < 2 {
		return false
	}
	union := map[string]bool{}
	fields := 0
	for _, c := range s.children {
		if !c.isObject() || c.many || c.any {
			return false
		}
		for _, grandchild := range c.children {
			union[grandchild.name] = true
		}
		fields += len(c.children)
	}
	if len(union) < 2 {
		return false
	}
	overlap := float64(fields) / float64(len(s.children)*len(union))
	return len(s.children) == 2 && overlap > 0.85 || len(s.children) > 2 && overlap >= 0.6
}
