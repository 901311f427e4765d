using System.Text;

namespace Microcosm.Http;

/// <summary>A field that a check wants in a response, or does not want there.</summary>
/// <param name="Name">Without regard to case.</param>
/// <param name="Test">Of its value; null asks only whether it is there. Of several fields of the name one has to pass.</param>
/// <param name="IsNegated">No field may be there that passes.</param>
public sealed record FieldExpectation(string Name, BytesTest? Test = null, bool IsNegated = false)
{
    private readonly byte[] _name = Encoding.Latin1.GetBytes(Name);

    /// <summary>True for a response that is as wanted.</summary>
    public bool IsMet(HeaderList headers)
    {
        for (var i = headers.IndexOf(_name); i >= 0; i = headers.IndexOf(_name, i + 1))
        {
            if (Test?.Invoke(headers[i].Value) ?? true)
                return !IsNegated;
        }
        return IsNegated;
    }
}
