export type EnrolInput = {
/**
 * The server's address, such as `https://kedai.example`.
 */
server_url: string,
/**
 * The one-time code from the back office.
 */
pairing_code: string,
/**
 * What the device is called.
 */
device_name: string,
};
