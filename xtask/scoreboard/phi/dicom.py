"""Plants values in DICOM files, and looks for them afterwards: python dicom.py plant|check FOLDER OUT [VALUES].

plant: copies every file of FOLDER that pydicom reads to OUT with known values in the patient's module, in text of every
free-text representation, in a sequence two deep, in a private block and in file meta; writes the values to VALUES.
check: prints a JSON object: files read, values found in the bytes of the files of OUT (FOLDER is not used), files that
lack (0012,0062) YES, files that pydicom cannot read.
"""

import json
import pathlib
import sys
import warnings

import pydicom
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

warnings.simplefilter("ignore")

NAME = "QUILLFEATHER^ZELDA^ANN"
VALUES = {
    "PatientID": "ZQ-7788991",
    "PatientBirthDate": "19520314",
    "PatientAddress": "12 Elmhurst Row, Oddville",
    "PatientTelephoneNumbers": "555-678-1234",
    "OtherPatientNames": "MOCKINGBIRD^ZELDA",
    "AccessionNumber": "ACC4455667",
    "InstitutionName": "Oddville General Hospital",
    "InstitutionAddress": "99 Physic Lane Oddville",
    "ReferringPhysicianName": "MARROWBONE^TIBERIUS",
    "PerformingPhysicianName": "SALTPETRE^OPHELIA",
    "OperatorsName": "WINDLESTRAW^JASPER",
    "StationName": "STATION77X",
    "StudyID": "ST887766",
    "MilitaryRank": "QMARSHAL",
    "DeviceSerialNumber": "SN99887766",
}
TEXTS = {
    "StudyDescription": "Chest for Zelda Quillfeather, MRN ZQ-7788991",
    "SeriesDescription": "Follow-up Quillfeather",
    "ImageComments": "Ms. Quillfeather (born 03/14/1952) called 555-678-1234. Dr. Marrowbone informed.",
    "PatientComments": "Daughter Zelda Mockingbird; lives at 12 Elmhurst Row, Oddville",
    "AdditionalPatientHistory": "Zelda Quillfeather, smoker, seen at Oddville General Hospital",
    "ProtocolName": "QUILLFEATHER protocol",
}
NEEDLES = [
    "quillfeather", "zelda", "zq-7788991", "7788991", "19520314", "03/14/1952", "elmhurst", "555-678-1234", "mockingbird",
    "acc4455667", "oddville", "physic lane", "marrowbone", "tiberius", "saltpetre", "windlestraw", "jasper", "station77x",
    "st887766", "qmarshal", "sn99887766", "1.2.826.0.1.3680043.99.1234567",
]


def dress(data):
    data.PatientName = NAME
    for key, value in {**VALUES, **TEXTS}.items():
        setattr(data, key, value)


def plant(source, target, values):
    count = 0
    for path in sorted(source.rglob("*.dcm")):
        try:
            data = pydicom.dcmread(path)
            dress(data)
            if "SOPInstanceUID" in data:
                data.SOPInstanceUID = "1.2.826.0.1.3680043.99.1234567.1"
                if getattr(data, "file_meta", None) is not None and "MediaStorageSOPInstanceUID" in data.file_meta:
                    data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID
            data.StudyInstanceUID = "1.2.826.0.1.3680043.99.1234567.2"
            inner = Dataset()
            dress(inner)
            outer = Dataset()
            outer.RequestedProcedureDescription = TEXTS["StudyDescription"]
            outer.ReferencedStudySequence = Sequence([inner])
            data.RequestAttributesSequence = Sequence([outer])
            block = data.private_block(0x0099, "WARD TEST", create=True)
            block.add_new(0x01, "LO", "Zelda Quillfeather private")
            block.add_new(0x02, "UT", TEXTS["ImageComments"])
            data.save_as(target / path.name)
            count += 1
        except Exception as error:
            (target / path.name).unlink(missing_ok=True)
            print(f"not planted: {path.name}: {type(error).__name__}", file=sys.stderr)
    values.write_text("\n".join(NEEDLES))
    print(json.dumps({"planted": count}))


def check(target, values):
    needles = values.read_text().split("\n")
    read, unread, unmarked, left = 0, [], [], {}
    for path in sorted(p for p in target.rglob("*") if p.is_file() and p.suffix == ".dcm"):
        raw = path.read_bytes().lower()
        for needle in needles:
            if needle.encode() in raw or needle.encode("utf-16-le") in raw:
                left.setdefault(needle, []).append(path.name)
        try:
            data = pydicom.dcmread(path, force=True)
            read += 1
            if data.get("PatientIdentityRemoved") != "YES":
                unmarked.append(path.name)
        except Exception as error:
            unread.append(f"{path.name}: {type(error).__name__}")
    print(json.dumps({"read": read, "unread": unread, "unmarked": unmarked, "left": left}))


action, folder, out, values = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]), pathlib.Path(sys.argv[4])
if action == "plant":
    out.mkdir(parents=True, exist_ok=True)
    plant(folder, out, values)
else:
    check(out, values)
