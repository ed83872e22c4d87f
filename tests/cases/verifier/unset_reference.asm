; A reference is read that only one path has written.
.entry @0
type #0 = str
fn @0 = "main" () -> ()
    r0: int
    r1: ref #0
    r2: int
    jeqi r0, 0, L1
    sconst r1, "text"
L1:
    strlen r2, r1
    ret
end
