// Lists the entries of a zip file.

/** Of a zip's end record and of an entry of its directory (APPNOTE.TXT 4.3.16 and 4.3.12). */
const END_RECORD = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;

/**
 * The names of the files in a zip archive; its folders are left out.
 * @throws when it is no zip archive
 */
export function zipEntries(archive: Buffer): readonly string[] {
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || archive.readUInt32LE(end) !== END_RECORD) throw new Error("This is no zip archive.");
  const names: string[] = [];
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    if (archive.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new Error("The zip archive's directory is broken.");
    const name = archive.readUInt16LE(at + 28);
    const extra = archive.readUInt16LE(at + 30);
    const comment = archive.readUInt16LE(at + 32);
    names.push(archive.toString("utf8", at + 46, at + 46 + name));
    at += 46 + name + extra + comment;
  }
  return names.filter((name) => !name.endsWith("/")).sort();
}
