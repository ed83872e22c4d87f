use std::mem::swapp;

fn main() {
    let (mut a, mut b) = (1, 2);
    swapp(&mut a, &mut b);
}
