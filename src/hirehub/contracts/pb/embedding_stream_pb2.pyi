from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class StreamEmbeddingRequest(_message.Message):
    __slots__ = ("last_processed_uuid", "chunk_size", "domain")
    LAST_PROCESSED_UUID_FIELD_NUMBER: _ClassVar[int]
    CHUNK_SIZE_FIELD_NUMBER: _ClassVar[int]
    DOMAIN_FIELD_NUMBER: _ClassVar[int]
    last_processed_uuid: str
    chunk_size: int
    domain: str
    def __init__(self, last_processed_uuid: _Optional[str] = ..., chunk_size: _Optional[int] = ..., domain: _Optional[str] = ...) -> None: ...

class RowChunk(_message.Message):
    __slots__ = ("rows", "candidates")
    ROWS_FIELD_NUMBER: _ClassVar[int]
    CANDIDATES_FIELD_NUMBER: _ClassVar[int]
    rows: _containers.RepeatedCompositeFieldContainer[RecruitRow]
    candidates: _containers.RepeatedCompositeFieldContainer[CandidateRow]
    def __init__(self, rows: _Optional[_Iterable[_Union[RecruitRow, _Mapping]]] = ..., candidates: _Optional[_Iterable[_Union[CandidateRow, _Mapping]]] = ...) -> None: ...

class RecruitRow(_message.Message):
    __slots__ = ("id", "company_name", "exp_years", "english_level", "primary_keyword", "vector", "updated_at_micros")
    ID_FIELD_NUMBER: _ClassVar[int]
    COMPANY_NAME_FIELD_NUMBER: _ClassVar[int]
    EXP_YEARS_FIELD_NUMBER: _ClassVar[int]
    ENGLISH_LEVEL_FIELD_NUMBER: _ClassVar[int]
    PRIMARY_KEYWORD_FIELD_NUMBER: _ClassVar[int]
    VECTOR_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    id: str
    company_name: str
    exp_years: int
    english_level: str
    primary_keyword: str
    vector: bytes
    updated_at_micros: int
    def __init__(self, id: _Optional[str] = ..., company_name: _Optional[str] = ..., exp_years: _Optional[int] = ..., english_level: _Optional[str] = ..., primary_keyword: _Optional[str] = ..., vector: _Optional[bytes] = ..., updated_at_micros: _Optional[int] = ...) -> None: ...

class CandidateRow(_message.Message):
    __slots__ = ("id", "name", "skills", "experience_years", "education_level", "preferred_location", "expected_salary", "vector", "updated_at_micros")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    SKILLS_FIELD_NUMBER: _ClassVar[int]
    EXPERIENCE_YEARS_FIELD_NUMBER: _ClassVar[int]
    EDUCATION_LEVEL_FIELD_NUMBER: _ClassVar[int]
    PREFERRED_LOCATION_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_SALARY_FIELD_NUMBER: _ClassVar[int]
    VECTOR_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    skills: _containers.RepeatedScalarFieldContainer[str]
    experience_years: int
    education_level: str
    preferred_location: str
    expected_salary: int
    vector: bytes
    updated_at_micros: int
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., skills: _Optional[_Iterable[str]] = ..., experience_years: _Optional[int] = ..., education_level: _Optional[str] = ..., preferred_location: _Optional[str] = ..., expected_salary: _Optional[int] = ..., vector: _Optional[bytes] = ..., updated_at_micros: _Optional[int] = ...) -> None: ...

class UploadResult(_message.Message):
    __slots__ = ("success", "total_rows", "message", "stored_rows", "dead_lettered_rows", "skipped_rows")
    SUCCESS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_ROWS_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    STORED_ROWS_FIELD_NUMBER: _ClassVar[int]
    DEAD_LETTERED_ROWS_FIELD_NUMBER: _ClassVar[int]
    SKIPPED_ROWS_FIELD_NUMBER: _ClassVar[int]
    success: bool
    total_rows: int
    message: str
    stored_rows: int
    dead_lettered_rows: int
    skipped_rows: int
    def __init__(self, success: _Optional[bool] = ..., total_rows: _Optional[int] = ..., message: _Optional[str] = ..., stored_rows: _Optional[int] = ..., dead_lettered_rows: _Optional[int] = ..., skipped_rows: _Optional[int] = ...) -> None: ...
