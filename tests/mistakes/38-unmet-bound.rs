trait Speak { fn speak(&self) -> String; }

struct Dog { name: String }

fn tell<T: Speak>(animal: T) { println!("{}", animal.speak()); }

fn main() {
    tell(Dog { name: "Rex".to_string() });
}
