; The one read lies before the one write, whatever way is taken to it.
.entry @0
type #0 = str
fn @0 = "main" () -> ()
    r0: int
    r1: ref str#0
    jeqi r0, 1, L1
    jmp L0
L0:
    strlen r0, r1
    jeqi r0, 3, L1
    ret
L1:
    sconst r1, "text"
    ret
end
