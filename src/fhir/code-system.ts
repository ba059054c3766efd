/** Value sets of required bindings whose code systems are not simply their own URL without `ValueSet/`. */
const exceptions = new Map<string, readonly string[]>(
  Object.entries({
    'http://hl7.org/fhir/ValueSet/all-types': [
      'http://hl7.org/fhir/data-types',
      'http://hl7.org/fhir/resource-types',
      'http://hl7.org/fhir/abstract-types',
    ],
    'http://hl7.org/fhir/ValueSet/care-plan-activity-kind': ['http://hl7.org/fhir/resource-types'],
    'http://hl7.org/fhir/ValueSet/care-plan-intent': ['http://hl7.org/fhir/request-intent'],
    'http://hl7.org/fhir/ValueSet/clinicalimpression-status': ['http://hl7.org/fhir/event-status'],
    'http://hl7.org/fhir/ValueSet/currencies': ['urn:iso:std:iso:4217'],
    'http://hl7.org/fhir/ValueSet/defined-types': [
      'http://hl7.org/fhir/data-types',
      'http://hl7.org/fhir/resource-types',
    ],
    'http://hl7.org/fhir/ValueSet/detectedissue-status': [
      'http://hl7.org/fhir/observation-status',
      'http://hl7.org/fhir/detectedissue-status',
    ],
    'http://hl7.org/fhir/ValueSet/event-timing': [
      'http://hl7.org/fhir/event-timing',
      'http://terminology.hl7.org/CodeSystem/v3-TimingEvent',
    ],
    'http://hl7.org/fhir/ValueSet/immunization-evaluation-status': [
      'http://terminology.hl7.org/CodeSystem/medication-admin-status',
    ],
    'http://hl7.org/fhir/ValueSet/immunization-status': ['http://hl7.org/fhir/event-status'],
    'http://hl7.org/fhir/ValueSet/medication-admin-status': [
      'http://terminology.hl7.org/CodeSystem/medication-admin-status',
    ],
    'http://hl7.org/fhir/ValueSet/medication-statement-status': [
      'http://hl7.org/fhir/CodeSystem/medication-statement-status',
    ],
    'http://hl7.org/fhir/ValueSet/medication-status': ['http://hl7.org/fhir/CodeSystem/medication-status'],
    'http://hl7.org/fhir/ValueSet/medicationdispense-status': [
      'http://terminology.hl7.org/CodeSystem/medicationdispense-status',
    ],
    'http://hl7.org/fhir/ValueSet/medicationknowledge-status': [
      'http://terminology.hl7.org/CodeSystem/medicationknowledge-status',
    ],
    'http://hl7.org/fhir/ValueSet/medicationrequest-intent': [
      'http://hl7.org/fhir/CodeSystem/medicationrequest-intent',
    ],
    'http://hl7.org/fhir/ValueSet/medicationrequest-status': [
      'http://hl7.org/fhir/CodeSystem/medicationrequest-status',
    ],
    'http://hl7.org/fhir/ValueSet/mimetypes': ['urn:ietf:bcp:13'],
    'http://hl7.org/fhir/ValueSet/system-restful-interaction': ['http://hl7.org/fhir/restful-interaction'],
    'http://hl7.org/fhir/ValueSet/task-intent': [
      'http://hl7.org/fhir/task-intent',
      'http://hl7.org/fhir/request-intent',
    ],
    'http://hl7.org/fhir/ValueSet/type-restful-interaction': ['http://hl7.org/fhir/restful-interaction'],
    'http://hl7.org/fhir/ValueSet/units-of-time': ['http://unitsofmeasure.org'],
    'http://hl7.org/fhir/ValueSet/verificationresult-status': ['http://hl7.org/fhir/CodeSystem/status'],
    'http://terminology.hl7.org/ValueSet/v3-ConfidentialityClassification': [
      'http://terminology.hl7.org/CodeSystem/v3-Confidentiality',
    ],
  }),
);

/**
 * The code systems that a `code` bound to this value set may come from: R4 search.html#token, "the system is defined in the
 * value set". `http://hl7.org/fhir/ValueSet/administrative-gender` gives `http://hl7.org/fhir/administrative-gender`.
 */
export function codeSystems(valueSet: string): readonly string[] {
  return exceptions.get(valueSet) ?? [valueSet.replace('/ValueSet/', '/')];
}
