import { writeCertificate } from '../adapters/openpgp/write-certificate.ts';
import type { Request } from '../message/requests/request.ts';

/**
 * A request as it is signed: a certificate in it stands alone and in the one form that the keyholder keeps (I10). Rejects
 * with the sentence for the operator when there is none, more than one, or a secret key.
 */
export async function requestToSign(request: Request): Promise<Request> {
  if (request.kind !== 'representative-add' && request.kind !== 'guest-add') return request;
  return { ...request, certificate: await writeCertificate(Buffer.from(request.certificate)) };
}
