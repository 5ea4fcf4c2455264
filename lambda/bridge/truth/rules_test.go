// Package truth makes fleets whose truth is known, imports documents about them, and looks on which node each record lands. It has
// tests only, and it does not know how a node is found: it hands documents in and reads what is put.
//
// # The rules of its world
//
// A machine is one installation: a machine that was set up anew is two, the old one and the new one. Machines stand in groups of up
// to twelve. Names, addresses, serial numbers and MACs occur in one group only, but for what all the world shares.
//
// Unique for all time: a node's ID; a full name, but for the old and the new installation of one machine; a MAC of an own adapter,
// a maker's serial number and a system's UUID, but for the two installations and for clones. A VMware serial number spells the UUID.
//
// Shared by some: a bare name, by machines of different domains or of none, and by those whose names NetBIOS shortens to it; serial
// number and UUID, or the UUID alone, by clones, and by containers with their host; an address, by machines of networks that use the same
// ones; the address of a NAT, which a gateway has and the agents behind it state too; a gateway's MAC, which scanners see for the machines
// behind it.
//
// Shared by all, so that nobody is known by it: addresses of default bridges and NATs, loopback and link-local ones, MACs of VPN clients
// and virtual adapters, serial numbers that are placeholders, names made of an address, localhost. Names that an image gives are a machine's, and
// say nothing against another name.
//
// Stale: items of a CMDB (never agents or scanners) state addresses that the machine had before and another has now, names that it had
// before it was renamed, and machines that are gone. No name is given to a second machine. What is stated of a new installation is never the old
// one's address. The directory lists dead nodes with the names and addresses that they had, and may show a name that the machine had before.
//
// Missing: any identifier of any record. Some directories show no serial numbers, or one of the two kinds, or no MACs. Of a machine's
// addresses the directory shows one, which may be a bridge's, or all; of its name all, the bare part, or none.
//
// Sources: items of a CMDB speak of any machine, sometimes in two items, with full, bare, former and display names and aliases, current and
// former addresses, serial numbers, MACs, seldom the node's ID or one that was deregistered; with `onAmbiguous: online` and `prefer: managed`
// too. Scanners speak of machines that run, with a current address or none, the machine's name, and what reverse DNS says, which may be
// another machine's name. A scanner may have been given the name of another machine, which had the address before: then reverse DNS says
// the machine's own full name. With `trust: [ip]` too, and names that mean nothing. Agents state all that the machine has, and what it shares.
// Items and agents number their machines (`key`), and may state one machine's identifiers in two records of one number.
//
// Time: in some worlds the directory changes between the import and a sweep. Some nodes are registered only then; former addresses belong to machines
// that were not there before.
//
// # What is asked
//
// A record must never land on a node that is not its machine's. A terminated installation may land on the one that took its place.
//
// A record is knowable where one machine of its group alone, managed or not, could have given it (oracle_test.go), where the directory shows
// enough to point at that machine's node (points_test.go), and where no other record of the document may be of that node: then it has
// to be put there. Any other record may be put rightly, parked or rejected.
//
// Where the record's own name is one node's, and the full name of reverse DNS and an address are both another one's, and neither a serial number
// nor a MAC nor an address speaks for the first, two things name different machines: nobody can know it, and it must not land on a wrong node.
// A name of reverse DNS alone, or an address alone, says nothing against a name.
//
// Some coincidences nobody can know: an unmanaged web-01 of which a record states the bare name and no more, where the directory has one
// web-01; a clone of which the directory and the document show only one; an address alone, of a machine in another network. Where all that
// can be seen points at one node that is not the record's, and no other record of the document agrees with that node as well, the
// record is undecidable: it is counted apart, and so is how many of them were misled to that node.
package truth
