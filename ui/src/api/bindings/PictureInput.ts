export type PictureInput = {
/**
 * The picture.
 */
picture_id: string,
};
