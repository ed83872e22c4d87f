fn greet(name: &str) { println!("hello {name}"); }

fn main() {
    let names = ["Ada", "Grace"];
    greet(names.first());
}
