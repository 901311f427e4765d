namespace Microcosm.Kafka;

/// <summary>Codecs of a batch: the low three bits of its attributes.</summary>
internal enum CompressionType
{
    None = 0,
    Gzip = 1,
    Snappy = 2,
    Lz4 = 3,
    Zstd = 4,
}
