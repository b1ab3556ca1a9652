import Cells
import Lessons
import Testing
import TutorUI

/// A lesson with one of everything the screen draws.
let sampleMarkdown = """
  ---
  minutes: 20
  cost: under $1
  region: us-east-1
  services: [kms, s3]
  ---
  # Keep a secret

  A short lesson about **keys**, *buckets* and `aws`. Read [the guide](https://docs.aws.amazon.com/kms/) first.

  - one thing
  - another thing that is long enough to wrap on a small screen, so that the second row must stand under the first
    1. nested and numbered
    2. with `code`
  - [x] a task that is done
  - [ ] a task that is not

  > [!WARNING]
  > Keys cost money. Take them down again.

  ## Steps

  ### Step 1: Create a key

  Make a key and remember its id.

  <!-- note: Say why a key of one's own. -->

  ```bash
  # Create the key
  KEY_ID=$(aws kms create-key --description "A key of our own" --query KeyMetadata.KeyId --output text)
  echo "key: $KEY_ID"
  ```

  > [!TIP]
  > An alias is easier to remember.

  ```bash
  aws kms create-alias --alias-name alias/secret --target-key-id $KEY_ID
  ```

  <details>
  <summary>Console alternative</summary>

  1. Open **KMS**.
  2. Choose **Create key**.

  </details>

  ### Step 2: Create a bucket

  ```bash
  aws s3api create-bucket --bucket secret-111122223333
  ```

  ```json
  {"Location": "/secret-111122223333", "Count": 2, "Ok": true}
  ```

  ## Checkpoint 1: Encryption is on

  The bucket's default key is ours.

  <!-- check:
  id: encryption
  title: Default encryption uses the key
  call: s3 GetBucketEncryption
  input: {Bucket: secret-111122223333}
  expect:
    - path: ServerSideEncryptionConfiguration.Rules[0].ApplyServerSideEncryptionByDefault.SSEAlgorithm
      equals: aws:kms
  hint: Run step 2 again.
  -->

  ## Clean up

  ```bash
  aws s3 rb s3://secret-111122223333 --force
  ```

  ## Troubleshooting

  | Symptom | Likely cause | What to do about it |
  | --- | :---: | ---: |
  | `AccessDenied` | The policy of the key does not name you, or names somebody else | Read the policy, then edit it |
  | Nothing | 日本語のテキスト | Wait 🙂 |

  ## 日本語 and other texts

  作業を始める前に、鍵の設定を確認してください。暗号化キーは自動的に作成されます。 Emoji: 👩‍💻 👍🏽 ⚠️ 🇩🇪, combining: é ñ ạ̈.

  https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-encryption-and-more-about-it-than-anybody-reads.html

  Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsgeneralversammlungsprotokollant
  """

func sampleLesson() throws -> Lesson { try Lesson.parse(sampleMarkdown, path: "secret/lesson.md") }

func sampleState(_ size: Size = Size(width: 80, height: 24), isDemo: Bool = false) throws -> TutorState {
  TutorState(
    lesson: try sampleLesson(),
    banner: Banner(
      mode: .practice, account: "111122223333", region: "us-east-1", identity: "learner", clock: "0:04"),
    size: size, isDemo: isDemo)
}

extension TutorState {
  /// The state after events, effects forgotten.
  func after(_ events: TutorEvent...) -> TutorState {
    var state = self
    for event in events { _ = update(&state, on: event) }
    return state
  }

  /// The state at the section with this number in the rail's order.
  func at(_ section: Int) -> TutorState {
    var state = self
    state.section = section
    state.visited = Set(lesson.sections.prefix(section + 1).map(\.id))
    return state
  }
}

/// The sections of the sample by what they show.
enum Page {
  static let first = 0
  static let step1 = 2
  static let step2 = 3
  static let checkpoint = 4
  static let teardown = 5
  static let tables = 6
  static let scripts = 7
}

let samplePlan = TeardownView(
  items: [
    .init(
      id: "bucket", title: "S3 bucket secret-111122223333", detail: "every version of its objects goes first"),
    .init(id: "key", title: "KMS key 0987dcba-09fe-87dc-65ba-ab0987654321 (alias/secret)"),
    .init(id: "macie", title: "Macie session", state: .kept("it was enabled before this run")),
  ],
  notes: ["The key bills nothing while it waits for its deletion, which can be cancelled for 7 days."])
