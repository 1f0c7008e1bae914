//! A page of paper with a picture of the card on it, so that names of any script look as they do on the screen.

use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, TextStr};

/// A4 in points (ISO 216).
const PAPER: (f32, f32) = (595.28, 841.89);

/// Distance of the card from the edges of the paper, in points: 16 mm.
const MARGIN: f32 = 45.35;

/// Width of the card on paper, in points: 120 mm.
const WIDTH: f32 = 340.16;

/// A page with a JPEG of so many pixels at its head. The title stands in the document's properties.
pub(super) fn page(jpeg: &[u8], width: u32, height: u32, title: &str) -> Vec<u8> {
    let [catalog, pages, page, image, content, info] = [1, 2, 3, 4, 5, 6].map(Ref::new);
    let picture = Name(b"Card");
    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(pages);
    pdf.pages(pages).kids([page]).count(1);
    pdf.document_info(info).title(TextStr(title));

    let mut sheet = pdf.page(page);
    sheet.media_box(Rect::new(0.0, 0.0, PAPER.0, PAPER.1)).parent(pages).contents(content);
    sheet.resources().x_objects().pair(picture, image);
    sheet.finish();

    let mut object = pdf.image_xobject(image, jpeg);
    object.filter(Filter::DctDecode);
    object.width(i32::try_from(width).unwrap_or(i32::MAX));
    object.height(i32::try_from(height).unwrap_or(i32::MAX));
    object.color_space().device_rgb();
    object.bits_per_component(8);
    object.finish();

    let (wide, high) = size(width, height);
    let mut drawing = Content::new();
    drawing.save_state();
    drawing.transform([wide, 0.0, 0.0, high, (PAPER.0 - wide) / 2.0, PAPER.1 - MARGIN - high]);
    drawing.x_object(picture);
    drawing.restore_state();
    pdf.stream(content, &drawing.finish());
    pdf.finish()
}

/// Width and height of the card on paper; one that is too long for it becomes smaller.
fn size(width: u32, height: u32) -> (f32, f32) {
    let shape = height.max(1) as f32 / width.max(1) as f32;
    let room = PAPER.1 - 2.0 * MARGIN;
    if WIDTH * shape <= room { (WIDTH, WIDTH * shape) } else { (room / shape, room) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_is_in_the_page_as_it_is() {
        let jpeg = b"\xff\xd8 not quite a picture \xff\xd9";
        let bytes = page(jpeg, 1200, 1600, "Courier");
        let has = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
        assert!(bytes.starts_with(b"%PDF-") && has(jpeg) && has(b"/DCTDecode") && has(b"/Width 1200"));
    }

    #[test]
    fn a_long_card_fits_the_paper() {
        let (wide, high) = size(1000, 10_000);
        assert!(high <= PAPER.1 - 2.0 * MARGIN && wide < WIDTH);
        assert_eq!(size(1000, 1000), (WIDTH, WIDTH));
    }
}
