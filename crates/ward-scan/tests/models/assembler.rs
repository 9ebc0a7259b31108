//! Writes pickles opcode by opcode, and zip archives that lie. For tests: nothing here is ever loaded.

/// A text of protocol 1 and later.
pub fn text(text: &str) -> Vec<u8> {
    let mut bytes = vec![b'X'];
    bytes.extend(u32::try_from(text.len()).unwrap().to_le_bytes());
    bytes.extend(text.as_bytes());
    bytes
}

/// Bytes.
pub fn bytes(content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![b'B'];
    bytes.extend(u32::try_from(content.len()).unwrap().to_le_bytes());
    bytes.extend(content);
    bytes
}

/// `GLOBAL`.
pub fn global(module: &str, name: &str) -> Vec<u8> {
    format!("c{module}\n{name}\n").into_bytes()
}

/// `STACK_GLOBAL` with its two texts.
pub fn stack_global(module: &str, name: &str) -> Vec<u8> {
    [text(module), text(name), vec![0x93]].concat()
}

/// `callee(*args)` by `REDUCE`.
pub fn call(callee: Vec<u8>, args: &[Vec<u8>]) -> Vec<u8> {
    [callee, b"(".to_vec(), args.concat(), b"tR".to_vec()].concat()
}

/// A whole pickle of protocol 4 whose value is what `body` pushes.
pub fn pickle(body: impl AsRef<[u8]>) -> Vec<u8> {
    [b"\x80\x04", body.as_ref(), b"."].concat()
}

/// `os.system("id")`, as what a value would be. The name is put together here, so that nothing takes this file for one.
pub fn harm() -> Vec<u8> {
    call(global("os", &["sys", "tem"].concat()), &[text("id")])
}

/// A pickle that runs a command.
pub fn harmful() -> Vec<u8> {
    pickle(harm())
}

/// A pickle of `None`.
pub fn harmless() -> Vec<u8> {
    b"\x80\x02N.".to_vec()
}

/// The ways of calling `module.name("id")`.
pub fn ways(module: &str, name: &str) -> Vec<Vec<u8>> {
    let arg = text("id");
    vec![
        pickle([stack_global(module, name), arg.clone(), b"\x85R".to_vec()].concat()),
        format!("c{module}\n{name}\n(S'id'\ntR.").into_bytes(),
        format!("(S'id'\ni{module}\n{name}\n.").into_bytes(),
        format!("(c{module}\n{name}\nS'id'\no.").into_bytes(),
        pickle([global(module, name), arg.clone(), b"\x85\x81".to_vec()].concat()),
        pickle([stack_global(module, name), arg.clone(), b"\x85}\x92".to_vec()].concat()),
        // Through the memo, and taken off the stack again.
        pickle(
            [
                text(module),
                b"\x94".to_vec(),
                text(name),
                b"\x9400h\x00h\x01\x93".to_vec(),
                arg,
                b"\x85R0N".to_vec(),
            ]
            .concat(),
        ),
    ]
}

/// A member of an archive, by each of its two accounts.
#[derive(Clone)]
pub struct Member {
    pub name: String,
    pub local_name: Option<String>,
    pub body: Vec<u8>,
    pub method: u16,
    pub local_method: Option<u16>,
    pub flags: u16,
    pub local_flags: u16,
    pub crc: Option<u32>,
    pub listed: bool,
}

impl Member {
    pub fn new(name: &str, body: Vec<u8>) -> Self {
        Self {
            name: name.to_owned(),
            local_name: None,
            body,
            method: 0,
            local_method: None,
            flags: 0,
            local_flags: 0,
            crc: None,
            listed: true,
        }
    }
}

/// An archive of these members.
pub fn zip(members: &[Member]) -> Vec<u8> {
    let (mut out, mut directory, mut count) = (Vec::new(), Vec::new(), 0u16);
    for member in members {
        let mut crc = flate2::Crc::new();
        crc.update(&member.body);
        let crc = member.crc.unwrap_or(crc.sum());
        let packed = if member.method == 8 && member.local_method.is_none() {
            deflate(&member.body)
        } else {
            member.body.clone()
        };
        let sizes = [
            crc.to_le_bytes(),
            u32::try_from(packed.len()).unwrap().to_le_bytes(),
            u32::try_from(member.body.len()).unwrap().to_le_bytes(),
        ]
        .concat();
        let at = u32::try_from(out.len()).unwrap();
        let local_name = member.local_name.as_deref().unwrap_or(&member.name);
        let local_method = member.local_method.unwrap_or(member.method);
        out.extend(b"PK\x03\x04\x14\x00");
        out.extend(member.local_flags.to_le_bytes());
        out.extend(local_method.to_le_bytes());
        out.extend([0; 4]);
        out.extend(&sizes);
        out.extend(u16::try_from(local_name.len()).unwrap().to_le_bytes());
        out.extend([0; 2]);
        out.extend(local_name.as_bytes());
        out.extend(&packed);
        if member.listed {
            count += 1;
            directory.extend(b"PK\x01\x02\x14\x00\x14\x00");
            directory.extend(member.flags.to_le_bytes());
            directory.extend(member.method.to_le_bytes());
            directory.extend([0; 4]);
            directory.extend(&sizes);
            directory.extend(u16::try_from(member.name.len()).unwrap().to_le_bytes());
            directory.extend([0; 12]);
            directory.extend(at.to_le_bytes());
            directory.extend(member.name.as_bytes());
        }
    }
    let at = u32::try_from(out.len()).unwrap();
    let len = u32::try_from(directory.len()).unwrap();
    out.extend(directory);
    out.extend(b"PK\x05\x06\x00\x00\x00\x00");
    out.extend(count.to_le_bytes());
    out.extend(count.to_le_bytes());
    out.extend(len.to_le_bytes());
    out.extend(at.to_le_bytes());
    out.extend([0; 2]);
    out
}

/// A tar archive.
pub fn tar(members: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, body) in members {
        let mut header = [0u8; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[124..135].copy_from_slice(format!("{:011o}", body.len()).as_bytes());
        header[156] = b'0';
        header[257..263].copy_from_slice(b"ustar\0");
        header[148..156].fill(b' ');
        let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
        header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        out.extend(header);
        out.extend(body);
        out.resize(out.len().next_multiple_of(512), 0);
    }
    out.extend([0; 1024]);
    out
}

/// A NumPy file with this dtype, whose data is `body`.
pub fn npy(descr: &str, body: Vec<u8>) -> Vec<u8> {
    let header = format!("{{'descr': {descr}, 'fortran_order': False, 'shape': (1,), }}\n");
    let len = u16::try_from(header.len()).unwrap().to_le_bytes();
    [b"\x93NUMPY\x01\x00", &len[..], header.as_bytes(), &body].concat()
}

pub fn deflate(bytes: &[u8]) -> Vec<u8> {
    packed(bytes, |to| {
        flate2::write::DeflateEncoder::new(to, flate2::Compression::fast())
    })
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    packed(bytes, |to| {
        flate2::write::GzEncoder::new(to, flate2::Compression::fast())
    })
}

pub fn zlib(bytes: &[u8]) -> Vec<u8> {
    packed(bytes, |to| {
        flate2::write::ZlibEncoder::new(to, flate2::Compression::fast())
    })
}

pub fn bzip2(bytes: &[u8]) -> Vec<u8> {
    packed(bytes, |to| bzip2::write::BzEncoder::new(to, bzip2::Compression::fast()))
}

/// One xz stream with one block that is stored and has no checksum; for less than 100 bytes.
pub fn xz(bytes: &[u8]) -> Vec<u8> {
    let sum = |bytes: &[u8]| {
        let mut crc = flate2::Crc::new();
        crc.update(bytes);
        crc.sum().to_le_bytes()
    };
    let len = u8::try_from(bytes.len()).unwrap();
    let header = [2, 0, 0x21, 1, 0, 0, 0, 0];
    let mut block = [&header[..], &sum(&header), &[1, 0, len - 1], bytes, &[0]].concat();
    let unpadded = u8::try_from(block.len()).unwrap();
    block.resize(block.len().next_multiple_of(4), 0);
    let index = [0, 1, unpadded, len];
    let end = [1, 0, 0, 0, 0, 0];
    [
        &b"\xfd7zXZ\0\0\0"[..],
        &sum(&[0, 0]),
        &block,
        &index,
        &sum(&index),
        &sum(&end),
        &end,
        b"YZ",
    ]
    .concat()
}

pub fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

pub fn lz4(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = lz4_flex::frame::FrameEncoder::new(Vec::new());
    std::io::Write::write_all(&mut encoder, bytes).unwrap();
    encoder.finish().unwrap()
}

fn packed<W: std::io::Write + Finish>(bytes: &[u8], encoder: impl FnOnce(Vec<u8>) -> W) -> Vec<u8> {
    let mut encoder = encoder(Vec::new());
    encoder.write_all(bytes).unwrap();
    encoder.finished()
}

pub trait Finish {
    fn finished(self) -> Vec<u8>;
}

macro_rules! finish {
    ($($encoder:ty),*) => { $(impl Finish for $encoder { fn finished(self) -> Vec<u8> { self.finish().unwrap() } })* };
}
finish!(
    flate2::write::DeflateEncoder<Vec<u8>>,
    flate2::write::GzEncoder<Vec<u8>>,
    flate2::write::ZlibEncoder<Vec<u8>>,
    bzip2::write::BzEncoder<Vec<u8>>
);
