package document

import "cmp"

// Limits bound what a stranger's document may ask for. Zero stands for the default.
type Limits struct {
	Compressed int64 // bytes as they lie there, compressed or not
	Expanded   int64 // bytes after each step of decompression
	Ratio      int64 // of expanded to compressed bytes …
	RatioFrom  int64 // … once so many bytes were expanded
	Window     int64 // bytes of zstd's window, which are held in memory
	Directory  int64 // bytes of a zip file's directory, which is held in memory
	Members    int   // of a zip file
}

func (l Limits) orDefaults() Limits {
	return Limits{
		Compressed: cmp.Or(l.Compressed, 50<<30),
		Expanded:   cmp.Or(l.Expanded, 50<<30),
		Ratio:      cmp.Or(l.Ratio, 1000),
		RatioFrom:  cmp.Or(l.RatioFrom, 10<<20),
		Window:     cmp.Or(l.Window, 16<<20),
		Directory:  cmp.Or(l.Directory, 4<<20),
		Members:    cmp.Or(l.Members, 10_000),
	}
}
