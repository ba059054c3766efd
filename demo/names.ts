/** Given and family names of one origin, so that a person's names belong together. */
export interface NamePool {
  readonly female: readonly string[];
  readonly male: readonly string[];
  readonly family: readonly string[];
}

const words = (text: string) => text.trim().split(/\s+/);

const INDIAN: NamePool = {
  female:
    words(`Aditi Aishwarya Ananya Anjali Asha Bhavna Deepa Divya Fatima Geeta Indira Isha Jyoti Kavita Kiran Lakshmi
    Leela Meera Nandini Neha Nisha Pooja Prachi Priya Radha Rani Rekha Ritu Sana Sarita Shalini Shreya Sita Sneha Sunita
    Swati Tanvi Uma Usha Vidya Zoya`),
  male: words(`Aarav Abhishek Ajay Akash Amit Anand Anil Arjun Ashok Deepak Dev Farhan Ganesh Gopal Harish Imran Jagdish
    Karan Kiran Krishna Manoj Mohan Mukesh Naveen Nikhil Pankaj Prakash Rahul Raj Rajesh Ravi Rohan Sachin Sandeep Sanjay
    Suresh Tarun Varun Vijay Vikram Yusuf`),
  family:
    words(`Agarwal Ahmed Bhat Bose Chaudhary Chatterjee Das Desai Deshmukh Deshpande D'Souza Fernandes Gandhi Ghosh
    Gokhale Gupta Iyer Jadhav Jain Joshi Kapoor Kaur Khan Kulkarni Kumar Malhotra Mehta Menon Mishra More Nair Naidu Pandey
    Patel Patil Pawar Rao Reddy Sharma Shah Shetty Shinde Singh Sinha Srinivasan Thakur Varma Verma Yadav`),
};

const ELSEWHERE: readonly NamePool[] = [
  {
    female: words('Beatriz Carmen Inés José-María Lucía María Noemí Pilar Sofía Ximena'),
    male: words('Andrés Ángel Íñigo Javier Jesús José Julián Martín Raúl Tomás'),
    family: words('Álvarez Castaño García Gómez Hernández Ibáñez López Martínez Núñez Peña Pérez Rodríguez'),
  },
  {
    female: words('Anneliese Bärbel Elke Jördis Käthe Sabine Zoë'),
    male: words('Björn Günther Jörg Jürgen Klaus Matthias Sören'),
    family: words('Bäcker Groß Jäger König Krüger Müller Schäfer Schröder Strauß Weiß'),
  },
  {
    female: words('Agnieszka Bożena Elżbieta Małgorzata Żaneta'),
    male: words('Łukasz Michał Paweł Sławomir Zbigniew'),
    family: words('Dąbrowski Kowalczyk Łuczak Nowak Wójcik Woźniak Zieliński'),
  },
  {
    female: words('Åse Ingrid Kjersti Solveig Tuva'),
    male: words('Bjørn Håkon Jørgen Ole Øyvind'),
    family: words('Aasen Bakke Ødegård Sørensen Østby Ås'),
  },
  {
    female: words('Hạnh Hương Mai Ngọc Thảo'),
    male: words('Bảo Đức Dũng Quân Tuấn'),
    family: words('Đặng Hoàng Lê Nguyễn Phạm Trần Võ'),
  },
  {
    female: words('Aoife Chloë Emma Grace Hannah Mary-Jane Niamh Siobhán Sinéad Olivia'),
    male: words('Conor Daniel Jack James Liam Oisín Patrick Ruairí Seán Thomas'),
    family: words(
      "Brown Doyle Fitzgerald Kelly McCarthy O'Brien O'Connor O’Neill Smith-Jones Walsh Wilson Byrne-Walker",
    ),
  },
  {
    female: words('Amélie Anne-Marie Élodie Éléonore Françoise Hélène Marie-Thérèse Maëlle'),
    male: words('André Benoît François Jean-Luc Jérôme Loïc Noël Stéphane'),
    family: words("Beaulieu Bélanger Côté D'Aubigné Dubé Lefèvre L'Écuyer Saint-Étienne Thériault"),
  },
];

/** How many of ten people bear Indian names. */
const INDIAN_OF_TEN = 7;

/** The pool for one draw of 0 to 2^32 - 1. */
export function namePool(draw: number): NamePool {
  return draw % 10 < INDIAN_OF_TEN ? INDIAN : ELSEWHERE[(draw >>> 8) % ELSEWHERE.length]!;
}
