; A host function by the name of one, with other types.
.entry @0
type #0 = str
native !0 = "out_int" (float) -> ()
fn @0 = "main" () -> ()
    fconst a0, 1.5
    native !0
    ret
end
