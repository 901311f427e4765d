namespace Microcosm.Http;

/// <summary>What is wrong with a header block.</summary>
internal enum HpackFault : byte
{
    /// <summary>It ends in the midst of a field.</summary>
    CutOff,

    /// <summary>A number is larger than any here may be.</summary>
    Number,

    /// <summary>No field has that index.</summary>
    Index,

    /// <summary>The dynamic table is to be larger than was allowed, or changes its size between fields.</summary>
    TableSize,

    /// <summary>A string is not in the Huffman code.</summary>
    Huffman,
}
