//! A series as a small SVG chart: a line over time, values that the record marks as abnormal as triangles.

use super::{Series, page::escape};

/// Drawing units of the chart.
const WIDTH: f64 = 220.0;
const HEIGHT: f64 = 36.0;
const EDGE: f64 = 5.0;

/// Most values that are drawn; of more the newest.
const MOST: usize = 200;

/// The chart, or nothing when fewer than two dated numbers are there. What it shows is said in words too.
pub(super) fn of(series: &Series) -> Option<String> {
    let all: Vec<(f64, f64, bool)> = series
        .entries
        .iter()
        .filter_map(|fact| {
            let day = f64::from(i32::try_from(fact.day()?).ok()?);
            Some((day, Series::number(fact)?, Series::is_abnormal(fact)))
        })
        .collect();
    let points = all.get(all.len().saturating_sub(MOST)..)?;
    let (first, last) = (points.first()?, points.last()?);
    if points.len() < 2 {
        return None;
    }
    let least = points.iter().map(|p| p.1).fold(f64::INFINITY, f64::min);
    let most = points.iter().map(|p| p.1).fold(f64::NEG_INFINITY, f64::max);
    let along = |value: f64, from: f64, to: f64| if to > from { (value - from) / (to - from) } else { 0.5 };
    let x = |day: f64| EDGE + (WIDTH - 2.0 * EDGE) * along(day, first.0, last.0);
    let y = |value: f64| HEIGHT - EDGE - (HEIGHT - 2.0 * EDGE) * along(value, least, most);
    let line: Vec<String> = points.iter().map(|p| format!("{:.1},{:.1}", x(p.0), y(p.1))).collect();
    let marks: String = points
        .iter()
        .map(|p| match p.2 {
            true => {
                let (x, y) = (x(p.0), y(p.1));
                let (left, right, top, low) = (x - 4.0, x + 4.0, y - 4.0, y + 3.0);
                format!("<path class=off d=\"M{left:.1} {low:.1}L{x:.1} {top:.1}L{right:.1} {low:.1}Z\"/>")
            }
            false => format!("<circle cx={:.1} cy={:.1} r=1.8 />", x(p.0), y(p.1)),
        })
        .collect();
    let off = points.iter().filter(|p| p.2).count();
    let words = format!(
        "{}: {} values, lowest {least}, highest {most}, newest {}; {off} marked abnormal",
        series.name,
        points.len(),
        last.1
    );
    Some(format!(
        "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=img aria-label=\"{}\"><title>{}</title><polyline points=\"{}\"/>{marks}</svg>",
        escape(&words),
        escape(&words),
        line.join(" ")
    ))
}
