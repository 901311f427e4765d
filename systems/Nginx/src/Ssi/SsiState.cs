namespace Microcosm.Nginx;

/// <summary>Where in a command <see cref="SsiParser"/> is.</summary>
internal enum SsiState
{
    /// <summary>In none.</summary>
    Text,

    /// <summary>In the four characters that may begin one.</summary>
    Opening,

    BeforeName,
    Name,
    BeforeParameter,
    Parameter,
    BeforeEquals,
    BeforeValue,
    Value,

    /// <summary>Behind a backslash in a value.</summary>
    Quoted,

    BehindValue,

    /// <summary>Behind the first hyphen of the end.</summary>
    FirstHyphen,
    SecondHyphen,

    /// <summary>In one that cannot be read, until it ends.</summary>
    Broken,
    BrokenFirstHyphen,
    BrokenSecondHyphen,
}
