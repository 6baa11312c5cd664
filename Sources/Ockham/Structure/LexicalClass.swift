/// Families of words that say something about a request whatever its topic.
///
/// The raw value is a bit in a ``Lexicon`` entry and the order of the class in the dense features. A word may belong to
/// several classes.
enum LexicalClass: Int, CaseIterable {
  case whWord, howWhy, negation, quantifier, comparison, condition, connective, constraint
  case mathTerm, codeTerm, numberWord, unit, firstPerson, secondPerson, thirdPerson, politeness
  case functionWord, foreignFunctionWord, time, form, length, logic
  case classify, extract, summarise, consult, translate, write, program, compute, deliberate, converse
  case law, medicine, physics, biology, economics, history, humanities

  /// The words of the class in lower case, separated by spaces. ASCII apostrophes separate words, so "don't" is listed
  /// as "don".
  var words: StaticString {
    switch self {
    case .whWord: "what which who whom whose when where"
    case .howWhy: "how why explain reason"
    case .negation:
      """
      not no never none neither nor without except cannot don doesn didn isn aren wasn weren won wouldn shouldn couldn \
      hasn haven false incorrect least unlike exclude excluding
      """
    case .quantifier: "all every each any both either most many few several some only always"
    case .comparison:
      """
      more less greater fewer larger smaller higher lower better worse than maximum minimum best worst largest smallest \
      highest lowest longest shortest compare compared versus vs difference same different similar likely
      """
    case .condition: "if unless suppose assume assuming given let whether provided would could might imagine consider"
    case .connective:
      """
      because therefore thus hence however although though but while since whereas moreover so then also instead \
      respectively consequently nevertheless despite
      """
    case .constraint:
      """
      must should shall exactly ensure ensures require required requires requirement requirements avoid limit within \
      strictly need needs constraint constraints rule rules condition conditions following precisely
      """
    case .mathTerm:
      """
      sum product integral derivative equation equations prime probability triangle function functions matrix vector \
      polynomial theorem integer integers real complex angle circle radius area volume perimeter square root ratio \
      percent percentage average mean median variance fraction modulo divisible factor factors graph sequence series \
      limit convergent finite infinite group ring field mapping subset set sets permutation combination logarithm sin cos \
      log sqrt frac cdot leq geq times value values positive negative odd even digit digits inequality coordinates slope
      """
    case .codeTerm:
      """
      def class return import function functions code python javascript typescript java swift rust golang sql html css \
      api endpoint json bug error exception stack trace array string int float bool boolean null none var let const \
      async await thread loop variable method object database query select join compile runtime docker git regex \
      algorithm recursion print println console void public private static struct enum elif else foreach lambda self \
      test tests unit script bash linux server client http repository commit branch
      """
    case .numberWord:
      """
      one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty hundred thousand million \
      billion half twice double triple dozen third quarter once first second
      """
    case .unit:
      """
      kg g mg cm mm m km miles mile feet foot inches inch meters metres liters litres gallons pounds ounces dollars \
      dollar cents euros cost costs price total hours hour minutes minute seconds days weeks mph volts watts joules \
      newton newtons pa atm mol k hz degrees celsius fahrenheit percent ml lb lbs
      """
    case .firstPerson: "i my me we our us mine am im ive myself ours"
    case .secondPerson: "you your yours yourself"
    case .thirdPerson: "he she his her hers him they their them it its someone person man woman people"
    case .politeness: "please thanks thank hello hi hey dear sorry kindly appreciate pls thx regards"
    case .functionWord:
      """
      the a an of to in and is for on with as by at from that this these those it was be or were been has have had will \
      would can may do does did are there into about between
      """
    case .foreignFunctionWord:
      """
      de la le les des du et est une un que qui dans pour pas el los las en con por para como der die das und ist nicht ein \
      eine zu mit auf den von ich sie wir het een van niet dat op te na w nie jest do czy bir ve bu da di il che per non sono \
      gli nao uma os em och att det som jag ett var
      """
    case .time:
      """
      before after until during year years day days week weeks month months today yesterday tomorrow century early late \
      later now current currently recent monday tuesday wednesday thursday friday saturday sunday january february march \
      april june july august september october november december
      """
    case .form:
      """
      yaml xml csv table list bullet bullets markdown format schema column columns fields html heading headings title \
      output input numbered key keys template
      """
    case .length:
      """
      words word sentences sentence paragraphs paragraph essay page pages brief briefly short concise detailed detail \
      comprehensive lines thorough long simple step steps
      """
    case .logic:
      """
      prove proof deduce infer conclude conclusion logic argument premise implies imply contradiction statement statements \
      true valid invalid fallacy assumption clue clues puzzle knight knave lemma iff exists necessarily sufficient
      """
    case .classify:
      """
      classify categorize categorise category categories label tag sentiment spam intent classification toxic neutral \
      rate rating detect route priority urgent
      """
    case .extract: "extract find identify pull retrieve parse entities names dates locate fill entity mentioned"
    case .summarise: "summarize summarise summary tldr condense shorten recap key points main takeaways gist digest"
    case .consult:
      "according passage text context article based document paragraph quote below above answer question mention"
    case .translate:
      """
      translate translation english spanish french german chinese japanese italian portuguese korean russian arabic dutch \
      polish turkish hindi language languages übersetze traduce traduis localize
      """
    case .write:
      """
      write draft compose create generate story poem email mail letter blog post tweet slogan rewrite rephrase headline \
      caption copy tone script speech outline brainstorm product description haiku
      """
    case .program:
      "implement fix debug refactor code program optimize optimise write deploy migrate build review snippet"
    case .compute: "calculate compute solve evaluate simplify find determine approximately estimate equal equals number"
    case .deliberate:
      """
      plan analyze analyse compare evaluate strategy design decide recommend pros cons tradeoffs trade offs critique assess \
      advise advice schedule optimize should steps approach consider justify
      """
    case .converse:
      "feel think favorite favourite opinion joke tell chat lol haha love like know mean guess fun weather ok"
    case .law:
      """
      court plaintiff defendant contract statute liability tort negligence criminal jury constitutional lawsuit statutory \
      seller buyer property deed lease evidence witness trial amendment jurisdiction law legal clause appeal
      """
    case .medicine:
      """
      patient disease treatment symptoms diagnosis clinical blood pain drug dose therapy cancer infection hospital \
      physician history examination chronic acute syndrome medical nurse vaccine surgery pressure
      """
    case .physics:
      """
      energy mass velocity force acceleration momentum charge electric magnetic field wave frequency voltage current \
      temperature heat gas pressure atom electron reaction acid equilibrium enthalpy molecule molar ph oxidation circuit \
      capacitor resistor quantum photon orbital
      """
    case .biology:
      """
      cell cells gene genes dna rna protein species evolution organism enzyme membrane mutation population plant bacteria \
      virus selection chromosome tissue neuron ecology photosynthesis
      """
    case .economics:
      """
      market price demand supply firm firms cost profit revenue tax inflation gdp monetary fiscal bank interest \
      investment stock shareholders management marketing customer customers budget trade policy account assets income
      """
    case .history:
      """
      war empire king revolution government president treaty century colonial political soviet nation states congress \
      party democracy king ancient rome china europe independence movement
      """
    case .humanities:
      """
      moral ethics ethical philosophy kant mill aristotle argument psychology behavior behaviour cognitive theory \
      development social culture religion god utilitarian personality memory freud learning wrong right society belief
      """
    }
  }
}
