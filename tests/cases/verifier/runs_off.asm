; The code ends without a return.
.entry @0
type #0 = str
fn @0 = "main" () -> ()
    r0: int
    iaddi r0, r0, 1
end
