/** A town in its own state and country; `postal` holds a # for each digit to be drawn. No part has a comma. */
export interface Place {
  readonly city: string;
  readonly state: string;
  readonly country: string;
  readonly postal: string;
  readonly dialling: string;
}

const place = (city: string, state: string, country: string, postal: string, dialling: string): Place => ({
  city,
  state,
  country,
  postal,
  dialling,
});

export const HOME: readonly Place[] = [
  place('Pune', 'Maharashtra', 'India', '411###', '91'),
  place('Mumbai', 'Maharashtra', 'India', '400###', '91'),
  place('Nagpur', 'Maharashtra', 'India', '440###', '91'),
  place('Nashik', 'Maharashtra', 'India', '422###', '91'),
  place('Nanded', 'Maharashtra', 'India', '431###', '91'),
  place('Kolhapur', 'Maharashtra', 'India', '416###', '91'),
  place('Ahmedabad', 'Gujarat', 'India', '380###', '91'),
  place('New Delhi', 'Delhi', 'India', '110###', '91'),
  place('Bidar', 'Karnataka', 'India', '585###', '91'),
];

export const ABROAD: readonly Place[] = [
  place('Worcester', 'Massachusetts', 'United States', '016##', '1'),
  place("Coeur d'Alene", 'Idaho', 'United States', '838##', '1'),
  place('Cork', 'Munster', 'Ireland', 'T12 #X##', '353'),
  place('München', 'Bayern', 'Germany', '80###', '49'),
  place('Łódź', 'Łódzkie', 'Poland', '90-###', '48'),
  place('Tromsø', 'Troms', 'Norway', '90##', '47'),
  place('Đà Nẵng', 'Quảng Nam', 'Viet Nam', '550###', '84'),
  place('A Coruña', 'Galicia', 'Spain', '150##', '34'),
  place('Saint-Jérôme', 'Québec', 'Canada', 'J7# #K#', '1'),
];
