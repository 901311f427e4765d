using Microcosm.Runtime;

namespace Microcosm.Specimen;

/// <summary>Declares an operation at the method that carries it out.</summary>
/// <param name="name">Upper case.</param>
/// <param name="words">How many words a request has, the name included.</param>
internal sealed class SpecimenOperationAttribute(string name, int words) : OperationAttribute(name)
{
    public int Words { get; } = words;

    /// <summary>The last word goes to the end of the line, blanks and all.</summary>
    public bool TakesRest { get; init; }
}
