trait Shape {
    fn scale(&self, factor: f64) -> f64;
}

struct Square { side: f64 }

impl Shape for Square {
    fn scale(&self, factor: i64) -> f64 { self.side * factor as f64 }
}

fn main() {
    println!("{}", Square { side: 2.0 }.scale(3));
}
