//! An attestation as a PDF: headings with bookmarks, contents with page numbers, tables, in the fonts that every reader of
//! PDF has.
//!
//! Characters outside Latin-1 become `?`; the page and the JSON hold them.

mod fonts;
mod layout;

use pdf_writer::{
    Content, Finish as _, Name, Pdf, Rect, Ref, Str, TextStr,
    types::{ActionType, AnnotationType},
};

use super::{document::Attestation, page};
use fonts::{latin, width_of};
use layout::{Line, MARGIN, Mark, PAGE};

/// The PDF.
#[must_use]
pub fn render(made: &Attestation) -> Vec<u8> {
    let (lines, heads) = layout::lines(&page::blocks(made));
    let pages = layout::paginate(&lines);
    // Where each heading stands: the page, and the height of its foot.
    let found = |at: usize| {
        pages.iter().enumerate().find_map(|(number, lines)| {
            let line = lines.iter().find(|(_, line)| line.mark == Mark::Heading(at));
            line.map(|(y, _)| (number, *y))
        })
    };
    let places: Vec<(usize, f32)> = (0..heads.len()).map(|at| found(at).unwrap_or_default()).collect();

    let mut next = 0;
    let mut fresh = || {
        next += 1;
        Ref::new(next)
    };
    let (catalogue, tree, regular, bold, info, outline) = (fresh(), fresh(), fresh(), fresh(), fresh(), fresh());
    let marks: Vec<Ref> = heads.iter().map(|_| fresh()).collect();
    let ids: Vec<(Ref, Ref)> = pages.iter().map(|_| (fresh(), fresh())).collect();
    let page_of = |number: usize| ids.get(number).map_or(tree, |(page, _)| *page);
    let mut pdf = Pdf::new();
    pdf.catalog(catalogue).pages(tree).lang(TextStr("en")).outlines(outline);
    let count = i32::try_from(ids.len()).unwrap_or(i32::MAX);
    pdf.pages(tree).kids(ids.iter().map(|(page, _)| *page)).count(count);
    for (font, name) in [(regular, &b"Helvetica"[..]), (bold, b"Helvetica-Bold")] {
        let mut one = pdf.type1_font(font);
        one.base_font(Name(name));
        one.encoding_predefined(Name(b"WinAnsiEncoding"));
    }
    bookmarks(&mut pdf, outline, &marks, &heads, &places, &page_of);
    for (number, (lines, (id, contents))) in pages.iter().zip(&ids).enumerate() {
        let mut one = pdf.page(*id);
        one.media_box(Rect::new(0.0, 0.0, PAGE.0, PAGE.1))
            .parent(tree)
            .contents(*contents);
        // Lines of the contents lead to what they name.
        let links: Vec<(Ref, Rect, usize)> = lines
            .iter()
            .filter_map(|(y, line)| match line.mark {
                Mark::Entry(at) => Some((
                    fresh(),
                    Rect::new(MARGIN, *y - 2.0, PAGE.0 - MARGIN, *y + line.size),
                    at,
                )),
                _ => None,
            })
            .collect();
        one.annotations(links.iter().map(|(id, ..)| *id));
        let mut resources = one.resources();
        let mut fonts = resources.fonts();
        fonts.pair(Name(b"R"), regular).pair(Name(b"B"), bold);
        fonts.finish();
        resources.finish();
        one.finish();
        for (id, area, at) in links {
            let (number, top) = places.get(at).copied().unwrap_or_default();
            let mut link = pdf.annotation(id);
            link.subtype(AnnotationType::Link)
                .rect(area)
                .border(0.0, 0.0, 0.0, None);
            let mut action = link.action();
            action.action_type(ActionType::GoTo);
            action.destination().page(page_of(number)).xyz(MARGIN, top + 20.0, None);
        }
        let about = format!("{}   {}", made.standard.id, made.about.made);
        let foot = (about.as_str(), format!("{} of {}", number + 1, pages.len()));
        pdf.stream(*contents, &content(lines, &places, &foot));
    }
    pdf.document_info(info)
        .title(TextStr(&format!("Evidence for {}", made.standard.name)))
        .creator(TextStr(&made.about.program));
    pdf.finish()
}

/// The headings beside the pages, as a reader of PDF shows them.
fn bookmarks(
    pdf: &mut Pdf,
    outline: Ref,
    marks: &[Ref],
    heads: &[String],
    places: &[(usize, f32)],
    page_of: &dyn Fn(usize) -> Ref,
) {
    let mut root = pdf.outline(outline);
    if let (Some(first), Some(last)) = (marks.first(), marks.last()) {
        root.first(*first)
            .last(*last)
            .count(i32::try_from(marks.len()).unwrap_or(i32::MAX));
    }
    root.finish();
    for (at, ((mark, head), (number, y))) in marks.iter().zip(heads).zip(places).enumerate() {
        let mut item = pdf.outline_item(*mark);
        item.title(TextStr(head)).parent(outline);
        if let Some(before) = at.checked_sub(1).and_then(|at| marks.get(at)) {
            item.prev(*before);
        }
        if let Some(after) = marks.get(at + 1) {
            item.next(*after);
        }
        item.dest().page(page_of(*number)).xyz(MARGIN, *y + 20.0, None);
    }
}

fn content(lines: &[(f32, &Line)], places: &[(usize, f32)], foot: &(&str, String)) -> Vec<u8> {
    let mut content = Content::new();
    let right = PAGE.0 - MARGIN;
    for (y, line) in lines {
        for (x, text) in &line.cells {
            show(&mut content, MARGIN + x, *y, line.bold, line.size, text);
        }
        match line.mark {
            Mark::Rule => {
                content.set_line_width(0.4).set_stroke_gray(0.7);
                content.move_to(MARGIN, y - 2.5).line_to(right, y - 2.5).stroke();
            }
            Mark::Entry(at) => {
                let number = latin(&places.get(at).map_or(0, |(number, _)| number + 1).to_string());
                let x = right - width_of(&number, false, line.size);
                show(&mut content, x, *y, false, line.size, &number);
            }
            Mark::None | Mark::Heading(_) => {}
        }
    }
    let (about, number) = (latin(foot.0), latin(&foot.1));
    show(&mut content, MARGIN, MARGIN / 2.0, false, 8.0, &about);
    let x = right - width_of(&number, false, 8.0);
    show(&mut content, x, MARGIN / 2.0, false, 8.0, &number);
    content.finish().to_vec()
}

fn show(content: &mut Content, x: f32, y: f32, bold: bool, size: f32, text: &[u8]) {
    content.begin_text();
    content.set_font(Name(if bold { b"B" } else { b"R" }), size);
    content.next_line(x, y);
    content.show(Str(text));
    content.end_text();
}
