package record

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/inventory-bridge/inventory-bridge/lambda/format/scan"
	"github.com/inventory-bridge/inventory-bridge/lambda/packed"
)

// spool is three temporary files: a log of entries and of what encloses them, where in the log each of the latter is, and
// the records that wait.
type spool struct {
	files   []*os.File
	log     *journal
	records *journal
	slots   *slots
}

func newSpool(dir string) (*spool, error) {
	s := &spool{}
	for range 3 {
		file, err := scan.TempFile(dir, "invbridge-*.spool")
		if err != nil {
			return nil, errors.Join(err, s.close())
		}
		s.files = append(s.files, file)
	}
	s.log, s.records, s.slots = newJournal(s.files[0]), newJournal(s.files[1]), &slots{s.files[2]}
	return s, nil
}

func (s *spool) close() error {
	var errs []error
	for _, file := range s.files {
		errs = append(errs, scan.CloseTemp(file))
	}
	return errors.Join(errs...)
}

// empty makes the log begin anew.
func (s *spool) empty() error {
	if err := s.slots.file.Truncate(0); err != nil {
		return fmt.Errorf("record: spool: %w", err)
	}
	return s.log.empty()
}

// journal is a file of blobs, each behind its length.
type journal struct {
	file   *os.File
	writer *bufio.Writer
	size   int64
}

func newJournal(f *os.File) *journal {
	return &journal{file: f, writer: bufio.NewWriterSize(f, 64<<10)}
}

// add writes a blob and returns where it is.
func (j *journal) add(blob []byte) (at int64, err error) {
	length := binary.AppendUvarint(j.writer.AvailableBuffer(), uint64(len(blob)))
	at = j.size
	if _, err = j.writer.Write(length); err == nil {
		_, err = j.writer.Write(blob)
	}
	if err != nil {
		return 0, fmt.Errorf("record: spool: %w", err)
	}
	j.size += int64(len(length) + len(blob))
	return at, nil
}

func (j *journal) empty() error {
	j.writer.Reset(j.file)
	j.size = 0
	err := j.file.Truncate(0)
	if err == nil {
		_, err = j.file.Seek(0, io.SeekStart)
	}
	if err != nil {
		return fmt.Errorf("record: spool: %w", err)
	}
	return nil
}

// blobs reads a part of the journal.
type blobs struct {
	reader  *bufio.Reader
	blob    []byte
	decoder packed.Decoder
}

func (j *journal) read(from, to int64, buffer int) (*blobs, error) {
	if err := j.writer.Flush(); err != nil {
		return nil, fmt.Errorf("record: spool: %w", err)
	}
	return &blobs{reader: bufio.NewReaderSize(io.NewSectionReader(j.file, from, to-from), buffer)}, nil
}

// next returns the next blob, valid until the one after it; io.EOF at the end.
func (b *blobs) next() (*packed.Decoder, error) {
	length, err := binary.ReadUvarint(b.reader)
	if err == io.EOF { //nolint:errorlint // the reader's own
		return nil, io.EOF
	}
	if err != nil || length > 1<<31 {
		return nil, errSpool
	}
	if uint64(cap(b.blob)) < length {
		b.blob = make([]byte, length)
	}
	b.blob = b.blob[:length]
	if _, err := io.ReadFull(b.reader, b.blob); err != nil {
		return nil, fmt.Errorf("record: spool: %w", err)
	}
	b.decoder = packed.NewDecoder(b.blob)
	return &b.decoder, nil
}

var errSpool = errors.New("record: a temporary file is damaged")

// slots is a file of places in the log, by number.
type slots struct{ file *os.File }

func (s *slots) set(number, at int64) error {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], uint64(at)) //nolint:gosec // an offset
	if _, err := s.file.WriteAt(b[:], number*8); err != nil {
		return fmt.Errorf("record: spool: %w", err)
	}
	return nil
}

func (s *slots) get(number int64) (int64, error) {
	var b [8]byte
	if _, err := s.file.ReadAt(b[:], number*8); err != nil {
		return 0, fmt.Errorf("record: spool: %w", err)
	}
	return int64(binary.LittleEndian.Uint64(b[:])), nil //nolint:gosec // as set
}
