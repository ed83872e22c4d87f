//! E06xx: traits, impls and generics.

super::codes! { TRAITS:
    E0601 MISSING_IMPL "a type that does not implement a trait"
    "A bound or an operation needs the trait. Add an `impl`, or a bound to the type parameter (`<T: Ord>`). `Eq`, `Hash`, `Ord` and `Show` are derived where all parts have them; functions have none."
    wrong "fn largest<T>(a: T, b: T) -> T { if a < b { b } else { a } }\n"
    right "fn largest<T: Ord>(a: T, b: T) -> T { if a < b { b } else { a } }\n";

    E0602 INCOMPLETE_IMPL "an `impl` that lacks methods of its trait"
    "An `impl` gives every method of the trait that has no body there."
    wrong "trait Area { fn area(self) -> int }\nstruct Square { side: int }\nimpl Area for Square {}\n"
    right "trait Area { fn area(self) -> int }\nstruct Square { side: int }\nimpl Area for Square {\n  fn area(self) -> int { self.side * self.side }\n}\n";

    E0603 CONFLICTING_IMPL "two impls of one trait for one type"
    "A trait is implemented once for a type, generic impls included."
    wrong "trait Name { fn name(self) -> str }\nimpl Name for int { fn name(self) -> str { \"a\" } }\nimpl Name for int { fn name(self) -> str { \"b\" } }\n"
    right "trait Name { fn name(self) -> str }\nimpl Name for int { fn name(self) -> str { \"a\" } }\n";

    E0604 IMPL_SIGNATURE "a method that differs from its trait's"
    "A method in an `impl` has the parameters and the result that the trait declares."
    wrong "trait Name { fn name(self) -> str }\nimpl Name for int { fn name(self) -> int { 1 } }\n"
    right "trait Name { fn name(self) -> str }\nimpl Name for int { fn name(self) -> str { \"int\" } }\n";

    E0605 NOT_DYNAMIC "a trait that cannot be a type"
    "A trait whose methods are generic, have no `self`, or name `Self` elsewhere (as those of `Eq`, `Ord`, `Hash` and the operators do) can be a bound only: behind the trait the receiver's type is not known at the call. Methods with a body in the trait do no harm."
    wrong "trait Same { fn alike(self, o: Self) -> bool }\nfn f(x: Same) {}\n"
    right "trait Same { fn alike(self, o: Self) -> bool }\nfn f<T: Same>(x: T) {}\n";

    E0606 NOT_IN_TRAIT "a method that the trait does not have"
    "An `impl` of a trait holds that trait's methods only; others go into an `impl` of the type alone."
    wrong "trait Name { fn name(self) -> str }\nimpl Name for int {\n  fn name(self) -> str { \"int\" }\n  fn twice(self) -> int { self * 2 }\n}\n"
    right "trait Name { fn name(self) -> str }\nimpl Name for int { fn name(self) -> str { \"int\" } }\nimpl int { fn twice(self) -> int { self * 2 } }\n";

    E0607 NOT_A_TRAIT "a type where a trait is needed"
    "Bounds, and the name before `for` in an `impl`, are traits."
    wrong "struct Square { side: int }\nfn f<T: Square>(x: T) {}\n"
    right "struct Square { side: int }\nfn f(x: Square) {}\n";

    E0608 AMBIGUOUS_METHOD "a method that several traits have"
    "More than one implemented trait has a method of this name. Rename one."
    wrong "" right "";
}
