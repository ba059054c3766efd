import { isoDate } from './calendar.js';
import { type Bill, money } from './hospital.js';
import { INSURERS } from './person.js';
import { INSURANCE_CLAIMED } from './vocabulary.js';

const TAX_PERCENT = 9;
const PAYMENT_METHODS = ['UPI', 'Credit Card', 'Debit Card', 'Cash'] as const;
const PAYMENT_STATUSES = ['Paid', 'Unpaid', 'Pending'] as const;
const DEPARTMENTS = ['Radiology', 'Orthopedics', 'Emergency', 'Oncology', 'Pediatrics'] as const;
const SERVICES = [
  ['SRV100', 'Consultation'],
  ['SRV101', 'MRI Scan'],
  ['SRV102', 'X-Ray'],
  ['SRV103', 'Blood Test'],
  ['SRV104', 'Surgery, "day case"'],
] as const;

/** A bill for one service, as hospitals A and B keep it; keys in the order of A's columns. */
export function serviceBill({ key, patientId, staffId, day, random }: Bill) {
  const amount = random.integer(20_000, 2_000_000);
  const discount = random.integer(0, Math.floor(amount * 0.15));
  const net = amount - discount;
  const tax = Math.round((net * TAX_PERCENT) / 100);
  const [serviceCode, serviceDescription] = random.pick(SERVICES);
  const claimed = random.pick(INSURANCE_CLAIMED);
  return {
    transaction_id: key,
    patient_id: patientId,
    billing_date: isoDate(day),
    amount: money(amount),
    currency: 'INR',
    payment_method: random.pick(PAYMENT_METHODS),
    insurance_claimed: claimed,
    insurance_id: claimed === 'Yes' ? `INS${random.digits(7)}` : random.pick([null, '', 'N/A']),
    insurance_provider: claimed === 'Yes' ? random.pick(INSURERS) : null,
    service_code: serviceCode,
    service_description: serviceDescription,
    department: random.pick(DEPARTMENTS),
    staff_id: staffId,
    discount_applied: money(discount),
    net_amount: money(net),
    tax: money(tax),
    total_amount: money(net + tax),
    payment_status: random.pick(PAYMENT_STATUSES),
    due_date: random.chance(0.02) ? '0000-00-00' : isoDate(day + random.integer(7, 90)),
    receipt_number: random.chance(0.03) ? null : `RCPT${random.digits(6)}`,
  };
}
