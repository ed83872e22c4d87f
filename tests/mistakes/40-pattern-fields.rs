enum Shape { Circle(i64), Rect(i64, i64) }

fn area(shape: Shape) -> i64 {
    match shape {
        Shape::Circle(r) => 3 * r * r,
        Shape::Rect(w) => w * w,
    }
}

fn main() {
    println!("{}", area(Shape::Circle(1)));
}
