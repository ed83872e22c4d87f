//! The word that stands at traced places of decoded code.

use crate::trace;

handlers! {
    /// a:b = the function, c:x = the site
    #[cold]
    #[inline(never)]
    fn site(s) {
        let function = u32::from(s.a()) | u32::from(s.b()) << 16;
        trace::event(s.vm, function, s.wide() as u32, s.base);
        s.next(1)
    }
}
