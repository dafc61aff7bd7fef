export type PictureView = {
/**
 * For `<img src>`.
 */
data_url: string,
};
