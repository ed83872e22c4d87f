; A float where an int is due.
.entry @0
type #0 = str
fn @0 = "main" () -> ()
    r0: int
    r1: float
    iadd r0, r0, r1
    ret
end
