namespace Microcosm.Http;

/// <summary>What a file holds. Who reads files does so by the node's disk.</summary>
/// <param name="Name">What errors call it.</param>
/// <param name="Bytes">Its bytes: PEM texts, or keys.</param>
public sealed record TlsFile(string Name, ReadOnlyMemory<byte> Bytes);
